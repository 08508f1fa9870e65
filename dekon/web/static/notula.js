// Minutes save themselves while one writes; without this file the button does. Nothing that was typed is ever replaced.
(() => {
  const WAIT = 2500;
  for (const form of document.querySelectorAll("form[data-minutes]")) {
    const text = form.elements.naskah;
    const base = form.elements.dasar;
    const said = form.querySelector("[data-said]");
    const compare = form.querySelector("[data-compare]");
    let timer, busy = false, clashed = false, kept = text.value;

    const plan = () => { clearTimeout(timer); timer = setTimeout(save, WAIT); };
    const took = (sent, answer) => {
      said.value = answer.said ?? "";
      if (answer.kind === "bertabrakan") {
        clashed = true;
        compare.hidden = false;
        return;
      }
      const typedOn = text.value !== sent;
      base.value = typedOn ? answer.own : answer.base;
      if (!typedOn) text.value = answer.text;
      kept = typedOn ? sent : answer.text;
    };
    const save = async () => {
      if (busy || clashed || text.value === kept) return;
      busy = true;
      const sent = text.value;
      try {
        const answer = await fetch(form.action, {
          method: "POST", body: new FormData(form), headers: { Accept: "application/json" }, credentials: "same-origin",
        });
        if (answer.headers.get("Content-Type")?.startsWith("application/json")) {
          const words = await answer.json();
          if (answer.ok) took(sent, words); else { said.value = words.said; clashed = true; }
        } else throw new Error("not kept");
      } catch {
        said.value = form.dataset.offline;
      }
      busy = false;
      if (!clashed && text.value !== kept) plan();
    };
    text.addEventListener("input", plan);
    text.addEventListener("blur", save);
    addEventListener("beforeunload", (event) => { if (text.value !== kept && !form.dataset.sent) event.preventDefault(); });
    form.addEventListener("submit", () => { clearTimeout(timer); form.dataset.sent = "1"; });
  }
})();
