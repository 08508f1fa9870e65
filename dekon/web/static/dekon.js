// Comfort only: every page works without this file.
(() => {
  const root = document.documentElement;
  const all = (selector, work) => document.querySelectorAll(selector).forEach(work);

  const toggleTheme = () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try { localStorage.setItem("dekon-theme", root.dataset.theme); } catch { /* a private window keeps nothing */ }
  };

  const say = (words) => {
    let box = document.querySelector(".toasts");
    if (!box) {
      box = Object.assign(document.createElement("div"), { className: "toasts" });
      box.setAttribute("role", "status");
      document.body.append(box);
    }
    const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: words });
    box.append(toast);
    setTimeout(() => toast.remove(), 5000);
  };

  // Buttons that need a script appear only where there is one.
  all("[data-theme-toggle], [data-copy], [data-print]", (button) => { button.hidden = false; });

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    if (hit("[data-theme-toggle]")) toggleTheme();
    if (hit("[data-print]")) print();
    const copy = hit("[data-copy]");
    if (copy) navigator.clipboard?.writeText(location.href).then(() => say(copy.dataset.copy));
    const opener = hit("[data-dialog]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog)?.showModal();
    }
    if (hit("[data-close]")) hit("dialog")?.close();
    all("details.menu[open]", (menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    all("details.menu[open]", (menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  // What is wrong is read first.
  document.getElementById("masalah")?.focus();

  // A form is sent once.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && event.target.method === "post") button.setAttribute("aria-busy", "true");
  });

  // Files dropped on the zone are files chosen; the form goes as soon as there are some.
  all(".dropzone", (zone) => {
    const input = zone.querySelector("input[type=file]");
    for (const name of ["dragover", "dragleave", "drop"]) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.toggle("over", name === "dragover"); });
    }
    zone.addEventListener("drop", (event) => {
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.form.requestSubmit();
    });
    input?.addEventListener("change", () => input.files.length && input.form.requestSubmit());
  });

  // Searching in a table narrows what is on the screen while typing; the button asks the server.
  all("input[data-filter]", (input) => {
    const table = document.getElementById(input.dataset.filter);
    input.addEventListener("input", () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      table?.querySelectorAll("tbody tr").forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      });
    });
  });
})();
