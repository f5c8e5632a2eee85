// Keeps the page as things are on the server. Without it the page asks for itself again now and then.
"use strict";

const main = document.querySelector("[data-live]");
if (main) {
  const news = new EventSource(main.dataset.live);
  news.addEventListener("now", (event) => {
    const focused = main.contains(document.activeElement) ? document.activeElement.id : "";
    const page = new DOMParser().parseFromString(event.data, "text/html");
    main.replaceChildren(...page.body.childNodes);
    if (focused) document.getElementById(focused)?.focus();
  });
  news.addEventListener("end", () => news.close());
  news.addEventListener("error", () => {
    document.getElementById("stale").hidden = news.readyState !== EventSource.CLOSED;
  });
}
