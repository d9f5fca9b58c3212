// Small comforts of every page. Each part is hidden or works plainly without this file.

const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  const tell = () => button.setAttribute("aria-pressed", String(isDark()));
  button.hidden = false;
  tell();
  dark.addEventListener("change", tell);
  button.addEventListener("click", () => {
    const theme = isDark() ? "light" : "dark";
    // The system's own choice needs no memory.
    const isSystems = (theme === "dark") === dark.matches;
    if (isSystems) delete root.dataset.theme;
    else root.dataset.theme = theme;
    try {
      if (isSystems) localStorage.removeItem("theme");
      else localStorage.setItem("theme", theme);
    } catch {
      // Storage is off: the choice holds for this page.
    }
    tell();
  });
}

// On a phone a table's rows become blocks: each cell is told the name of its column.
function nameCells(table) {
  const names = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  if (names.length < 3) return;
  for (const row of table.tBodies[0].rows) {
    [...row.cells].forEach((cell, place) => {
      cell.dataset.label = names[place] ?? "";
      if (!cell.childNodes.length) return;
      const whole = document.createElement("div");
      whole.className = "cell";
      whole.append(...cell.childNodes);
      cell.append(whole);
    });
  }
  table.classList.add("table--rows");
}

const narrow = matchMedia("(max-width: 40rem)");

function enhance(within) {
  if (narrow.matches) {
    for (const table of within.querySelectorAll("table.table:not(.table--fit, .table--rows)")) nameCells(table);
  }
  for (const button of within.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
}

enhance(document);
document.addEventListener("htmx:after:swap", () => enhance(document));
narrow.addEventListener("change", () => enhance(document));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    const text = button.querySelector("[data-copy-text]");
    const before = (text.dataset.before ??= text.textContent);
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      said = "Not allowed";
    }
    text.textContent = said;
    text.setAttribute("role", "status");
    setTimeout(() => (text.textContent = before), 1600);
  }
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest("details[data-menu][open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

document.querySelector("[data-focus]")?.focus();
