/* The live connection, and what a page change means for title, language and focus. */
(function () {
  "use strict";

  var SLOW_MS = 4000, POLL_MS = 5000, FIRST_RETRY_MS = 1000, LONGEST_RETRY_MS = 15000;
  var seen = null, slowAt = 0, slowTimer = null, retry = FIRST_RETRY_MS, failures = 0;
  var poller = null, state = "wait", settled = false;

  function ready() {
    return window.dash_clientside && window.dash_clientside.set_props && document.getElementById("app");
  }

  function show(next) {
    state = next;
    var mark = document.getElementById("connection");
    if (!mark) { return; }
    var word = mark.getAttribute("data-" + next);
    mark.className = "connection " + next;
    var place = mark.querySelector(".connection-word");
    if (place.textContent !== word) { place.textContent = word; }
  }

  function tellSlowParts() {
    slowTimer = null;
    slowAt = Date.now();
    window.dash_clientside.set_props("live-slow", { data: seen });
  }

  function arrived(version) {
    if (version === seen) { return; }
    var first = seen === null;
    seen = version;
    if (first && version === drawnVersion()) { return; }
    window.dash_clientside.set_props("live", { data: version });
    if (slowTimer === null) {
      slowTimer = setTimeout(tellSlowParts, Math.max(0, slowAt + SLOW_MS - Date.now()));
    }
  }

  function drawnVersion() {
    var frame = document.querySelector("#app .frame");
    return frame ? Number(frame.getAttribute("data-version")) : null;
  }

  function poll() {
    fetch("/api/live", { cache: "no-store" })
      .then(function (answer) { return answer.json(); })
      .then(function (body) { if (state !== "on") { show("poll"); arrived(body.version); } })
      .catch(function () { show("wait"); });
  }

  function connect() {
    var socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/live");
    socket.onopen = function () {
      retry = FIRST_RETRY_MS;
      failures = 0;
      clearInterval(poller);
      poller = null;
      show("on");
    };
    socket.onmessage = function (message) { arrived(JSON.parse(message.data).version); };
    socket.onclose = function () {
      failures += 1;
      if (state !== "poll") { show("wait"); }
      if (failures > 2 && poller === null) { poller = setInterval(poll, POLL_MS); }
      setTimeout(connect, retry);
      retry = Math.min(retry * 2, LONGEST_RETRY_MS);
    };
  }

  /* Pages to be kept for want of a connection, once it is quiet: this one, Now, one's province. */
  var keptAt = {}, KEEP_AGAIN_MS = 600000, QUIET_MS = 3000;

  function keepForLater() {
    var frame = document.querySelector("#app .frame");
    if (!frame || !navigator.serviceWorker) { return; }
    var paths = (frame.getAttribute("data-keep") || "").split(" ");
    if (!location.search) { paths.push(location.pathname); }
    paths = paths.filter(function (path, at) {
      return path && paths.indexOf(path) === at && !(Date.now() - keptAt[path] < KEEP_AGAIN_MS);
    });
    if (!paths.length) { return; }
    navigator.serviceWorker.ready.then(function (held) {
      paths.forEach(function (path) { keptAt[path] = Date.now(); });
      held.active.postMessage({ keep: paths });
    });
  }

  function install() {
    if (!navigator.serviceWorker) { return; }
    if (navigator.serviceWorker.controller && !location.search) { keptAt[location.pathname] = Date.now(); }
    navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" }).catch(function (why) {
      console.info("Pages are not kept on this device: " + why);
    });
  }

  function paintAll() {
    document.querySelectorAll("#app [data-html]").forEach(function (place) {
      var html = place.getAttribute("data-html");
      if (place.paintedFrom !== html) {
        place.paintedFrom = html;
        paintInto(place, html);
      }
    });
  }

  /* Put HTML in its place. What is there already stays, so that what is open or focused stays so;
     rows that are new are marked. */
  function paintInto(place, html) {
    var made = document.createElement("template");
    made.innerHTML = html;
    becomeChildren(place, made.content);
  }

  function becomeChildren(old, made) {
    var next = Array.prototype.slice.call(made.childNodes);
    while (old.childNodes.length > next.length) { old.lastChild.remove(); }
    next.forEach(function (node, at) {
      if (at < old.childNodes.length) { become(old.childNodes[at], node); } else { old.appendChild(node); }
    });
  }

  function become(old, made) {
    if (old.nodeName !== made.nodeName) {
      old.replaceWith(made);
    } else if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== made.nodeValue) { old.nodeValue = made.nodeValue; }
    } else if (old.nodeName === "TBODY") {
      becomeRows(old, made);
    } else {
      Array.prototype.forEach.call(made.attributes, function (one) {
        if (old.getAttribute(one.name) !== one.value) { old.setAttribute(one.name, one.value); }
      });
      Array.prototype.slice.call(old.attributes).forEach(function (one) {
        if (one.name !== "open" && !made.hasAttribute(one.name)) { old.removeAttribute(one.name); }
      });
      becomeChildren(old, made);
    }
  }

  function becomeRows(old, made) {
    var held = {};
    Array.prototype.forEach.call(old.rows, function (row) { held[row.dataset.key] = row; });
    var rows = Array.prototype.map.call(made.rows, function (row) {
      var before = held[row.dataset.key];
      if (before && before.innerHTML === row.innerHTML) { return before; }
      if (!before && settled) { row.classList.add("arrived"); }
      return row;
    });
    old.replaceChildren.apply(old, rows);
  }

  function pageChanged() {
    var frame = document.querySelector("#app .frame");
    if (!frame) { return; }
    var paint = document.getElementById("first-paint");
    if (paint) { paint.remove(); }
    show(state);
    paintAll();
    var title = frame.getAttribute("data-title");
    if (document.title === title && settled) { return; }
    document.title = title;
    document.documentElement.lang = frame.lang;
    document.querySelectorAll("details.menu[open]").forEach(function (menu) { menu.open = false; });
    if (settled) {
      window.scrollTo(0, 0);
      var heading = frame.querySelector("h1");
      if (heading) { heading.focus({ preventScroll: true }); }
    }
    settled = true;
    setTimeout(keepForLater, QUIET_MS);
  }

  /* Choices: the page's own <select> and buttons, kept in step with the stores the server sees. */
  function choose(control, value) {
    window.dash_clientside.set_props({ filter: control.getAttribute("data-filter") }, { data: value });
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("select[data-filter]")) { choose(event.target, event.target.value); }
  });

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("button[data-filter]");
    if (button) { choose(button, button.getAttribute("data-value")); }
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    labourwatch: {
      showChoices: function () {
        window.dash_clientside.callback_context.inputs_list[0].forEach(function (input) {
          var name = input.id.filter;
          document.querySelectorAll('#app [data-filter="' + name + '"]').forEach(function (control) {
            if (control.nodeName === "SELECT") {
              control.value = input.value;
            } else {
              control.setAttribute("aria-pressed", String(control.getAttribute("data-value") === input.value));
            }
          });
        });
      }
    }
  });

  /* Links inside painted parts move within the page as Dash's own links do. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("[data-html] a[href^='/']");
    if (!link || link.hasAttribute("download") || event.button || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    history.pushState({}, "", link.getAttribute("href"));
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  });

  function start() {
    if (!ready()) { setTimeout(start, 50); return; }
    new MutationObserver(pageChanged).observe(document.getElementById("app"), {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-html"]
    });
    install();
    pageChanged();
    connect();
  }

  start();
})();
