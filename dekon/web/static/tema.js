// Before the first paint: the theme that the reader chose, if any. Without it the system's choice holds.
(() => {
  try {
    const chosen = localStorage.getItem("dekon-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch { /* a private window keeps nothing */ }
})();
