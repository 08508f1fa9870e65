// The presentation with keys and buttons; without this file the slides are a sequence to scroll or print.
(() => {
  const slides = [...document.querySelectorAll(".slide")];
  const bar = document.querySelector(".deckbar");
  if (!bar || !slides.length) return;
  const at = bar.querySelector("[data-deck-at]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  let shown = Math.max(0, slides.findIndex((slide) => `#${slide.id}` === location.hash));

  const tell = () => {
    at.textContent = `${shown + 1} / ${slides.length}`;
    bar.querySelector("[data-deck=prev]").disabled = shown === 0;
    bar.querySelector("[data-deck=next]").disabled = shown === slides.length - 1;
  };
  const show = (number) => {
    shown = Math.min(Math.max(number, 0), slides.length - 1);
    const slide = slides[shown];
    slide.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    slide.querySelector("h1, h2").focus({ preventScroll: true });
    history.replaceState(null, "", `#${slide.id}`);
    tell();
  };
  const full = () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen?.())?.catch?.(() => {});

  const steps = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 };
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea, summary")) return;
    if (event.key in steps) show(shown + steps[event.key]);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(slides.length - 1);
    else if (event.key === "f") full();
    else return;
    event.preventDefault();
  });
  bar.addEventListener("click", (event) => {
    const what = event.target.closest("[data-deck]")?.dataset.deck;
    if (what === "full") full();
    else if (what) show(shown + (what === "next" ? 1 : -1));
  });
  // Whoever scrolls by hand is followed.
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) { shown = slides.indexOf(entry.target); tell(); }
  }, { rootMargin: "-45% 0px -54% 0px" });
  slides.forEach((slide) => seen.observe(slide));
  bar.hidden = false;
  tell();
})();
