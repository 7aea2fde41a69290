"use strict";
// Every page works without this. It adds copying, finding in the list of entries, and composing a calendar.

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
    } catch {
      // Browsers allow it on secure pages alone; the text is selected, so that one key copies it.
      getSelection().selectAllChildren(source);
      return;
    }
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}

for (const field of document.querySelectorAll("[data-find]")) {
  const list = document.getElementById(field.dataset.find);
  const entries = [...list.querySelectorAll("[data-entry]")];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = entries.map((entry) => plain(entry.textContent));
  field.closest("[hidden]").hidden = false;
  field.addEventListener("input", () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    entries.forEach((entry, n) => { entry.hidden = !words.every((word) => texts[n].includes(word)); });
    for (const group of list.querySelectorAll("ul")) {
      group.hidden = !group.querySelector("[data-entry]:not([hidden])");
      group.previousElementSibling.hidden = group.hidden;
    }
    const shown = entries.filter((entry) => !entry.hidden).length;
    document.getElementById("found").textContent = words.length ? `${shown} / ${entries.length}` : "";
  });
}

for (const form of document.querySelectorAll("[data-compose]")) {
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const status = form.querySelector("[role=status]");
  const result = form.querySelector("[data-result]");
  const chosen = () => boxes.filter((box) => box.checked).sort((one, other) => (one.name < other.name ? -1 : 1));
  // One subject has a calendar of its own. The plus sign is encoded: object stores read a bare one as a space.
  const target = (set) => (set.length === 1 ? `categories/${set[0].name}` : `compose/${set.map((box) => box.name).join("%2B")}`);
  const compose = async () => {
    const set = chosen();
    result.hidden = true;
    status.textContent = set.length ? "" : status.dataset.hint;
    if (!set.length) return;
    // Beside this page, wherever it lies: a site without `calfeed serve` has only what was made ahead.
    const found = await fetch(`../${target(set)}/calendar.ics`, { method: "HEAD" }).catch(() => null);
    if (target(chosen()) !== target(set)) return;
    if (!found?.ok) {
      status.textContent = found?.status === 404 ? status.dataset.missing : status.dataset.failed;
      return;
    }
    const titles = set.map((box) => box.closest("label").textContent.trim()).join(", ");
    const name = encodeURIComponent(`${titles} – ${form.dataset.title}`);
    for (const link of result.querySelectorAll("[data-href]")) {
      link.href = link.dataset.href
        .replace("compose/{}", target(set))
        .replace("compose%2F%7B%7D", encodeURIComponent(target(set)))
        .replace(/&name=.*/, `&name=${name}`);
    }
    document.getElementById("address").textContent = form.dataset.compose.replace("compose/{}", target(set));
    result.hidden = false;
    status.textContent = status.dataset.done;
  };
  for (const box of boxes) {
    box.disabled = false;
    box.addEventListener("change", compose);
  }
  compose();
}
