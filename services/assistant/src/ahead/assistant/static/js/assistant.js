// Answers as they come. Without this file the forms of the page do the same, slower.

// Looked up each time: it is replaced by what the server has.
const thread = () => document.getElementById("thread");
const form = document.querySelector("[data-ask]");
const status = document.getElementById("pilot-status");
const problem = document.getElementById("pilot-problem");

function part(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// --- One answer that is being made ---

function working(question) {
  const article = part("article", "turn turn--new");
  const asked = part("header", "turn__asked");
  asked.append(part("h2", "turn__question", question));
  const answer = part("div", "turn__answer");
  const actions = part("div", "turn__actions");
  article.append(asked, answer, actions);
  thread().append(article);
  article.scrollIntoView({ block: "nearest" });
  return article;
}

class Showing {
  constructor(article) {
    this.article = article;
    this.answer = article.querySelector(".turn__answer");
    this.answer.replaceChildren();
    this.steps = part("ol", "steps");
    this.answer.append(this.steps);
    this.citations = new Map();
    this.step("Reading your question");
    this.stop = part("button", "button button--secondary button--small", "Stop");
    this.stop.type = "button";
    article.querySelector(".turn__actions").replaceChildren(this.stop);
  }

  step(label) {
    this.steps.querySelector("[data-now]")?.removeAttribute("data-now");
    const line = part("li", "", label);
    line.dataset.now = "";
    this.steps.append(line);
    while (this.steps.children.length > 4) this.steps.firstChild.remove();
  }

  sentence({ text, citations }) {
    const line = part("p", "", text);
    for (const n of citations) {
      const source = this.citations.get(n);
      const link = part("a", "cite", String(n));
      link.href = source?.url ?? "#";
      link.setAttribute("aria-label", `Source ${n}`);
      line.append(link);
    }
    this.answer.insertBefore(line, this.steps);
  }

  take(event, data) {
    if (event === "step") this.step(data.label);
    else if (event === "citation") this.citations.set(data.n, data);
    else if (event === "sentence") this.sentence(data);
  }
}

async function* eventsOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value.replaceAll("\r", "");
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      const lines = rest.slice(0, end).split("\n");
      rest = rest.slice(end + 2);
      const of = (name) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
      const [event] = of("event");
      if (event) yield [event, JSON.parse(of("data").join("\n"))];
    }
  }
}

const STREAM = { Accept: "text/event-stream" };
const token = () => form?.querySelector("[name=_csrf_token]")?.value ?? "";

function post(path, body) {
  const headers = { ...STREAM, "Content-Type": "application/json", "X-CSRF-Token": token() };
  return fetch(path, { method: "POST", headers, body: body ? JSON.stringify(body) : undefined });
}

// Reads a stream into its article; true when the whole answer came.
async function show(response, article) {
  const id = response.headers.get("Ahead-Answer");
  const showing = new Showing(article);
  showing.stop.addEventListener("click", () => {
    showing.stop.disabled = true;
    post(`/api/assistant/v1/answers/${id}/stop`);
  });
  for await (const [event, data] of eventsOf(response)) {
    if (event === "done") return true;
    showing.take(event, data);
  }
  return false;
}

// The page as the server tells it: the answer with its sources, the list, what is left of the allowance.
async function settle(conversation, id) {
  const response = await fetch(`/casepilot/c/${conversation}`, { headers: { Accept: "text/html" } });
  if (!response.ok) return location.assign(`/casepilot/c/${conversation}`);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const had = document.activeElement;
  for (const place of [".pilot-main > header", ".pilot-aside", "#thread", "#allowance", ".topics", ".ask__label"]) {
    const here = document.querySelector(place);
    const there = page.querySelector(place);
    if (here && there) here.replaceWith(there);
    else if (here && place === ".topics") here.remove();
  }
  document.title = page.title;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  wake(thread());
  if (had && !had.isConnected) document.querySelector(`#q-${CSS.escape(id)}`)?.closest("article")?.focus?.();
}

async function refused(response) {
  let told = {};
  try {
    told = await response.json();
  } catch {
    // Not ours: the status has to do.
  }
  const box = part("div", "notice notice--warning");
  box.append(part("p", "notice__title", told.title ?? "That didn’t work"));
  box.append(part("p", "", [told.detail, told.hint].filter(Boolean).join(" ") || `The server answered ${response.status}.`));
  if (/allowance-exhausted|guest-limit/.test(told.type ?? "") && document.querySelector('#allowance a[href="/account/register"]')) {
    const link = part("a", "button button--small", "Register free account");
    link.href = "/account/register";
    const line = part("p");
    line.append(link);
    box.append(line);
  }
  problem.replaceChildren(box);
}

const lost = () => ({ status: 0, json: async () => ({ title: "The connection was lost", detail: "The answer goes on at the server.", hint: "Load the page again to see it." }) });

// Sends, shows what comes, and leaves the page as the server has it.
async function ask(send, article, quietly) {
  problem.replaceChildren();
  document.body.dataset.asking = "";
  try {
    const response = await send();
    if (!response.ok || response.status === 202) {
      if (quietly) return false;
      article?.remove();
      await refused(response);
      return false;
    }
    const conversation = response.headers.get("Ahead-Conversation");
    const id = response.headers.get("Ahead-Answer");
    if (!conversation) return location.reload();
    const path = `/casepilot/c/${conversation}`;
    if (location.pathname !== path) history.replaceState(null, "", path);
    form.elements.conversation.value = conversation;
    status.textContent = "CasePilot is answering.";
    if (!(await show(response, article))) throw new TypeError("cut off");
    await settle(conversation, id);
    const count = document.querySelectorAll(`#t-${CSS.escape(id)} .turn__answer > p`).length;
    status.textContent = `The answer is there: ${count} ${count === 1 ? "sentence" : "sentences"}.`;
    return true;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await refused(lost());
    return false;
  } finally {
    delete document.body.dataset.asking;
  }
}

// --- The form ---

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if ("asking" in document.body.dataset) return;
  const { question, as_of, conversation, system, code } = form.elements;
  const text = question.value.trim();
  if (!text) return question.focus();
  const body = { question: text };
  if (as_of.value) body.as_of = as_of.value;
  if (conversation.value) body.conversation = conversation.value;
  if (code?.value) body.context = { system: system.value, code: code.value };
  const article = working(text);
  const button = form.querySelector("button[type=submit]");
  button.setAttribute("aria-disabled", "true");
  question.value = "";
  const done = await ask(() => post("/api/assistant/v1/answers", body), article, false);
  button.removeAttribute("aria-disabled");
  if (!done && !question.value) question.value = article.isConnected ? "" : text;
  question.focus({ preventScroll: true });
});

// Enter asks, Shift+Enter starts a new line.
form?.elements.question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

document.addEventListener("click", (event) => {
  const example = event.target.closest("[data-example]");
  if (example) {
    event.preventDefault();
    form.elements.question.value = example.textContent.trim();
    form.elements.question.focus();
  }
});

// --- What the server has ---

// An answer that was being made when the page was loaded: follow it to its end.
async function follow(article) {
  const id = article.dataset.working;
  const send = () => fetch(`/api/assistant/v1/answers/${id}`, { headers: STREAM });
  const response = await send();
  if (response.ok && response.headers.get("Ahead-Conversation")) await ask(async () => response, article, true);
  else if (response.status === 202) setTimeout(() => follow(article), 1500);
  else if (response.ok) location.reload();
}

function wake(within) {
  for (const article of within.querySelectorAll("[data-working]")) follow(article);
  for (const again of within.querySelectorAll("[data-retry]")) {
    again.addEventListener("submit", (event) => {
      event.preventDefault();
      if ("asking" in document.body.dataset) return;
      ask(() => post(`/api/assistant/v1/answers/${again.dataset.retry}/retry`), again.closest("article"), false);
    });
  }
}

// A source is in a part of the page that may be closed.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const closed = target?.closest("details");
  if (!closed) return;
  closed.open = true;
  target.scrollIntoView({ block: "nearest" });
  target.focus({ preventScroll: true });
}

if (form) {
  addEventListener("hashchange", reveal);
  reveal();
  wake(thread());
  // From the box on a code's page: the question was asked there.
  const from = document.referrer && new URL(document.referrer);
  const box = from && from.origin === location.origin && from.pathname.startsWith("/codes/");
  if (box && form.elements.question.value.trim() && performance.getEntriesByType("navigation")[0]?.type === "navigate") {
    form.requestSubmit();
  }
}
