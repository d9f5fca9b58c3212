// Suggestions under a search box: the ARIA combobox pattern. Without this file the box is a plain form.

const WAIT_MS = 90;
const SYSTEMS = { icd10cm: "ICD-10-CM", icd10pcs: "ICD-10-PCS", hcpcs: "HCPCS", cpt: "CPT", icd9cm: "ICD-9-CM", msdrg: "MS-DRG" };

/** One search form with its list of suggestions. */
class SearchBox {
  constructor(form) {
    this.form = form;
    this.input = form.querySelector("[data-search]");
    this.list = form.querySelector("[role=listbox]");
    this.status = form.querySelector("[data-suggest-status]");
    this.url = form.dataset.suggest;
    this.active = -1;
    this.asked = 0; // number of the newest question
    this.shown = 0; // number of the question whose answer is shown
    this.timer = 0;
    this.request = null;

    const input = this.input;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => this.changed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("focus", () => this.options.length && input.value.trim() && this.open());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.close());
    // Pressing the mouse must not take the focus away from the input.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(event.target.closest("[role=option]")));
    this.list.addEventListener("mousemove", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.activate(this.options.indexOf(option), false);
    });
    form.addEventListener("submit", () => this.forget());
  }

  get options() {
    return [...this.list.children];
  }

  changed() {
    clearTimeout(this.timer);
    this.asked++; // an answer still on its way is to a text that stands there no more
    const text = this.input.value.trim();
    if (!text) {
      this.forget();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), WAIT_MS);
  }

  async ask(text) {
    const number = ++this.asked;
    this.request?.abort();
    this.request = new AbortController();
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", text);
    for (const name of ["as_of", "system"]) {
      const field = this.form.elements.namedItem(name);
      if (field?.value) url.searchParams.set(name, field.value);
    }
    let hits;
    try {
      const answer = await fetch(url, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      hits = (await answer.json()).hits;
    } catch {
      return; // aborted, or offline: the form itself still works
    }
    // An answer that comes late never replaces the answer to a newer question.
    if (number !== this.asked || number <= this.shown) return;
    this.shown = number;
    this.show(hits);
    this.list.dataset.answers = text;
  }

  show(hits) {
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...hits.map((hit, index) => this.option(hit, index)));
    if (hits.length && document.activeElement === this.input) this.open();
    else this.close();
    this.status.textContent = hits.length
      ? `${hits.length} suggestion${hits.length === 1 ? "" : "s"}. Use the arrow keys.`
      : "No suggestions.";
  }

  option(hit, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}-${index}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.href = `/codes/${encodeURIComponent(hit.system)}/${encodeURIComponent(hit.code)}`;
    for (const [name, text] of [["code", hit.code], ["suggest__title", hit.title], ["suggest__system", SYSTEMS[hit.system] ?? hit.system]]) {
      const part = document.createElement("span");
      part.className = name;
      part.textContent = text;
      item.append(part, " ");
    }
    return item;
  }

  pressed(event) {
    const isOpen = !this.list.hidden;
    const last = this.options.length - 1;
    if (event.isComposing) return;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        if (last < 0) return;
        event.preventDefault();
        if (!isOpen) this.open();
        const down = event.key === "ArrowDown";
        const next = down ? this.active + 1 : this.active < 0 ? last : this.active - 1;
        this.activate(next > last ? -1 : next, true);
        break;
      }
      case "Enter":
        if (isOpen && this.active >= 0) {
          event.preventDefault();
          this.choose(this.options[this.active]);
        }
        break;
      case "Escape":
        if (isOpen) {
          event.preventDefault();
          this.close();
        } else if (this.input.value) {
          event.preventDefault();
          this.input.value = "";
          this.forget();
        }
        break;
      case "Tab":
        this.close();
        break;
    }
  }

  activate(index, scroll) {
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.active = index;
    const option = this.options[index];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      if (scroll) option.scrollIntoView({ block: "nearest" });
    } else {
      this.input.removeAttribute("aria-activedescendant");
    }
  }

  choose(option) {
    if (!option) return;
    const href = new URL(option.dataset.href, location.href);
    const asOf = this.form.elements.namedItem("as_of");
    if (asOf?.value) href.searchParams.set("as_of", asOf.value);
    this.forget();
    location.assign(href);
  }

  open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1, false);
  }

  /** Drops what is shown and every answer still on its way. */
  forget() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.shown = ++this.asked;
    this.list.replaceChildren();
    this.status.textContent = "";
    this.close();
  }
}

for (const form of document.querySelectorAll("form[data-suggest]")) new SearchBox(form);

// "/" goes to the page's own search box: the large one where there is one.
const target = document.querySelector(".search--large [data-search]") ?? document.querySelector("[data-search]");
if (target) {
  const hint = target.form.querySelector(".search__key");
  if (hint) hint.hidden = false;
  target.setAttribute("aria-keyshortcuts", "/");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable=true]")) return;
    event.preventDefault();
    target.focus();
    target.select();
  });
}
