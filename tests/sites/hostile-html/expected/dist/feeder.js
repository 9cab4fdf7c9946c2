/* feeder pages: search, sort, copy. Everything else works without a script; what needs one stays hidden until here. */
"use strict";

(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Accents of Latin, Greek and Cyrillic, points of Hebrew, vowel signs of Arabic: what people leave out when they type.
  // Marks of other scripts (Indic vowels, dakuten) make other words, and stay.
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]/g;
  // Upper case first, so that ß is ss; a final sigma is a sigma.
  const fold = (text) =>
    text.normalize("NFKD").toUpperCase().toLowerCase().normalize("NFKD").replace(MARKS, "").replace(/ς/g, "σ");

  const copyButtons = () => {
    const status = one("#copied");
    const write = async (text) => {
      if (navigator.clipboard) {
        await navigator.clipboard.writeText(text);
        return;
      }
      // Without HTTPS there is no clipboard but this one.
      const field = document.createElement("textarea");
      field.value = text;
      field.className = "away";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      if (!done) throw new Error("refused");
    };
    for (const button of all("button[data-copy]")) {
      const label = button.textContent;
      button.hidden = false;
      button.addEventListener("click", async () => {
        let said = "Copied";
        try {
          await write(button.dataset.copy);
        } catch {
          said = "Press Ctrl+C";
          getSelection().selectAllChildren(button.closest("li").querySelector("a"));
        }
        button.textContent = said;
        status.textContent = `${said}: ${button.dataset.copy}`;
        setTimeout(() => (button.textContent = label), 2000);
      });
    }
  };

  const catalogue = () => {
    const tools = one("#tools");
    if (!tools) return;
    const box = one("#search");
    const count = one("#count");
    const groups = all(".group").map((section) => ({ section, list: one("ul", section), shown: one(".shown", section) }));
    const rows = groups.flatMap(({ list }, group) =>
      [...list.children].map((item) => {
        const link = one("a", item);
        const entries = Number(item.dataset.entries);
        const newest = Number(item.dataset.newest);
        return { item, group, name: link.textContent, key: fold(link.textContent), entries, newest, shown: true };
      }),
    );
    const number = new Intl.NumberFormat("en");

    const search = () => {
      const words = fold(box.value).split(/\s+/u).filter(Boolean);
      const found = groups.map(() => 0);
      for (const row of rows) {
        const shown = words.every((word) => row.key.includes(word));
        if (shown) found[row.group] += 1;
        if (shown !== row.shown) row.item.hidden = !(row.shown = shown);
      }
      groups.forEach(({ section, shown }, group) => {
        section.hidden = words.length > 0 && !found[group];
        shown.textContent = number.format(found[group]);
      });
      const sum = found.reduce((before, next) => before + next, 0);
      count.textContent = words.length ? `${number.format(sum)} of ${number.format(rows.length)} feeds` : "";
    };

    const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
    const orders = {
      name: (a, b) => collator.compare(a.name, b.name),
      entries: (a, b) => b.entries - a.entries || collator.compare(a.name, b.name),
      newest: (a, b) => b.newest - a.newest || collator.compare(a.name, b.name),
    };
    const sort = (button) => {
      for (const other of all("[data-sort]", tools)) other.setAttribute("aria-pressed", String(other === button));
      const sorted = [...rows].sort(orders[button.dataset.sort]);
      groups.forEach(({ list }, group) => list.append(...sorted.filter((row) => row.group === group).map((row) => row.item)));
    };

    box.addEventListener("input", search);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.value) return;
      event.preventDefault();
      box.value = "";
      search();
    });
    for (const button of all("[data-sort]", tools)) button.addEventListener("click", () => sort(button));
    tools.hidden = false;
    sort(one("[aria-pressed=true]", tools)); // as people sort, where what was written is in the order of addresses
    // What the browser kept of an earlier visit is searched for.
    if (box.value) search();
  };

  copyButtons();
  catalogue();
})();
