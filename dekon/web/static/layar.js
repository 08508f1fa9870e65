// The screen of the room: fetches the next code a moment before the one shown has run out; works for hours unattended.
(() => {
  let box = document.getElementById("kode-ruang");
  if (!box) return;
  const again = (seconds) => setTimeout(renew, Math.max(1, seconds) * 1000);
  const renew = async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("kode-ruang");
      if (!answer.ok || !fresh) { location.reload(); return; }
      box.replaceWith(fresh);
      box = fresh;
      again(Number(box.dataset.left));
    } catch { again(3); }
  };
  again(Number(box.dataset.left));
})();
