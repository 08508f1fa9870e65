// Scanning badges with the camera. What is read goes into a queue in this browser first and is sent from there, so that
// nothing is lost when the line breaks; its key makes the server count it once.
(() => {
  const box = document.getElementById("pindai");
  if (!box || !navigator.mediaDevices) return;
  box.hidden = false;
  const words = box.dataset;
  const video = box.querySelector("video");
  const recent = box.querySelector("[data-recent]");
  const line = box.querySelector("[data-queue]");
  const token = document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const SHELF = `dekon-antre-${words.meeting}`;
  const PAUSE_SAME_BADGE = 4000;
  const MOST_SHOWN = 8;
  const ICONS = { ok: "ok", warn: "warn", bad: "stop", info: "info" };
  const iconFile = document.querySelector("use").getAttribute("href").split("#")[0];
  let memory = [];

  const queue = () => {
    try { return JSON.parse(localStorage.getItem(SHELF) || "[]"); } catch { return memory; }
  };
  const keep = (entries) => {
    memory = entries;
    try { localStorage.setItem(SHELF, JSON.stringify(entries)); } catch { /* a private window keeps it while it is open */ }
  };
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  const show = (tone, said, sub, time) => {
    const row = document.createElement("li");
    row.dataset.tone = tone;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "i");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${iconFile}#i-${ICONS[tone]}`);
    svg.append(use);
    const text = document.createElement("span");
    text.append(Object.assign(document.createElement("b"), { textContent: said }));
    if (sub) text.append(Object.assign(document.createElement("span"), { className: "sub", textContent: sub }));
    row.append(svg, text, Object.assign(document.createElement("time"), { textContent: time }));
    recent.prepend(row);
    while (recent.children.length > MOST_SHOWN) recent.lastChild.remove();
  };

  const tell = () => {
    const waiting = queue().length;
    line.textContent = waiting ? words.wordsWaiting.replace("{count}", waiting) : "";
    box.dataset.waiting = waiting;
  };

  let sending = false;
  const send = async () => {
    if (sending) return;
    sending = true;
    try {
      while (queue().length) {
        const entry = queue()[0];
        const body = new URLSearchParams({ sesi: entry.session, teks: entry.text, kunci: entry.key, saat: entry.at });
        let answer;
        try {
          answer = await fetch(words.send, { method: "POST", body, headers: { "X-CSRFToken": token }, redirect: "error" });
        } catch { break; }
        if (answer.status === 403 || answer.status === 401) { line.textContent = words.wordsSession; return; }
        if (!answer.ok) break;
        const told = await answer.json();
        keep(queue().filter((one) => one.key !== entry.key));
        show(told.tone, told.words, told.sub, told.time);
        if (!queue().length) refresh();
      }
      tell();
    } finally { sending = false; }
  };

  const seen = new Map();
  const read = (text) => {
    const now = Date.now();
    if (now - (seen.get(text) || 0) < PAUSE_SAME_BADGE) { seen.set(text, now); return; }
    seen.set(text, now);
    keep([...queue(), { text, session: words.session, key: newKey(), at: new Date().toISOString() }]);
    navigator.vibrate?.(60);
    if (!navigator.onLine) show("info", words.wordsQueued, text.split(".").pop(), "");
    tell();
    send();
  };

  const refresh = async () => {
    try {
      const answer = await fetch(words.tally);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-quorum]");
      if (answer.ok && fresh) document.querySelector("[data-quorum]")?.replaceWith(fresh);
    } catch { /* the next time */ }
  };

  const script = (address) => new Promise((done, failed) => {
    const made = Object.assign(document.createElement("script"), { src: address, onload: done, onerror: failed });
    document.head.append(made);
  });
  const reader = async () => {
    if ("BarcodeDetector" in window && (await BarcodeDetector.getSupportedFormats()).includes("qr_code")) {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      return async () => (await detector.detect(video))[0]?.rawValue;
    }
    await script(words.reader);
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      const scale = Math.min(1, 720 / video.videoWidth);
      canvas.width = video.videoWidth * scale;
      canvas.height = video.videoHeight * scale;
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const picture = pen.getImageData(0, 0, canvas.width, canvas.height);
      return window.jsQR(picture.data, picture.width, picture.height, { inversionAttempts: "dontInvert" })?.data;
    };
  };

  box.querySelector("[data-start]").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
      video.parentElement.hidden = false;
      await video.play();
      const look = await reader();
      button.hidden = true;
      const again = async () => {
        try {
          const text = video.videoWidth ? await look() : "";
          if (text) read(text);
        } catch { /* a picture that cannot be read */ }
        setTimeout(again, 150);
      };
      again();
    } catch {
      button.disabled = false;
      line.textContent = words.wordsCamera;
    }
  });

  addEventListener("online", send);
  setInterval(send, 3000);
  setInterval(refresh, 10000);
  tell();
  send();
})();
