"""When the page is quiet: no loading panel shows, no control is in a callback, and nothing is about to begin.

Between two callbacks a page looks quiet for a moment: what its scripts have put off is counted, too.
"""

# Functions that every script of ours may use. `controls(pattern)` finds client controls by their
# name: the middle of an id is volatile, so it is never kept between two steps.
TOOLS = """
const controls = (pattern) => {
  const found = [];
  if (typeof ASPxClientControl === 'undefined') return found;
  const test = new RegExp(pattern);
  ASPxClientControl.GetControlCollection().ForEachControl(
    (control) => { if (control && control.name && test.test(control.name)) found.push(control); });
  return found;
};
const shown = (element) => {
  if (!element) return false;
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility !== 'hidden';
};
const inputs = (pattern) => {
  const test = new RegExp(pattern);
  return [...document.querySelectorAll('input[id], textarea[id]')].filter((input) => test.test(input.id));
};
const onLoginPage = () => location.pathname.toLowerCase().endsWith('/login.aspx');
const PANELS = '[id$="_LPV"], .dxlp, .dxlpLoadingPanel, .dxgvLoadingPanel_XafTheme, [class*="LoadingPanel"]';
const busy = () => {
  if (window.archibaldPosted) return 'posted';
  if (document.readyState !== 'complete') return 'loading';
  if (typeof ASPxClientControl === 'undefined') return 'no client controls';
  if ([...document.querySelectorAll(PANELS)].some(shown)) return 'loading panel';
  return controls('').some((control) => typeof control.InCallback === 'function' && control.InCallback())
    ? 'callback' : '';
};
"""

# For every document, before its own scripts. A form that was posted whole shows nothing until the answer
# replaces the page: it says so itself. And what the page has put off is written down, with the time at
# which it is due: timers, frames, and requests of its scripts that are on their way. While none is there
# nothing can begin by itself, except for the news that it was scrolled. `next` waits until one of them was
# over, for so long at most.
TELL_PLANS = """
{
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () { window.archibaldPosted = true; submit.call(this); };
  window.addEventListener('submit', (event) => { window.archibaldPosted ||= !event.defaultPrevented; });

  const later = window.setTimeout.bind(window), every = window.setInterval.bind(window);
  const forget = window.clearTimeout.bind(window), stop = window.clearInterval.bind(window);
  const draw = window.requestAnimationFrame.bind(window), undraw = window.cancelAnimationFrame.bind(window);
  const due = new Map(), periods = new Map(), frames = new Set();
  let asked = 0, waiting = [];
  const over = () => { for (const go of waiting.splice(0)) go(); };
  window.setTimeout = (action, delay, ...data) => {
    const run = () => {
      due.delete(id);
      try { action.apply(window, data); } finally { over(); }
    };
    const isText = typeof action !== 'function';
    const id = later(isText ? action : run, delay);
    due.set(id, performance.now() + (Number(delay) || 0));
    if (isText) later(() => { due.delete(id); over(); }, delay);
    return id;
  };
  window.setInterval = (action, delay, ...data) => {
    const id = every(action, delay, ...data);
    periods.set(id, Number(delay) || 0);
    return id;
  };
  const taken = (id) => { due.delete(id); periods.delete(id); };
  window.clearTimeout = (id) => { taken(id); forget(id); };
  window.clearInterval = (id) => { taken(id); stop(id); };
  window.requestAnimationFrame = (action) => {
    const id = draw((now) => { frames.delete(id); action(now); });
    frames.add(id);
    return id;
  };
  window.cancelAnimationFrame = (id) => { frames.delete(id); undraw(id); };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) {
    this.addEventListener('loadend', () => { asked -= 1; over(); }, {once: true});
    asked += 1;
    try { return send.call(this, body); } catch (error) { asked -= 1; throw error; }
  };
  let told = [0, 0];
  window.addEventListener('scroll', () => { told = [scrollX, scrollY]; later(over, 0); }, {capture: true});
  window.archibaldPlans = {
    later,
    scrolling: () => told[0] !== scrollX || told[1] !== scrollY,
    asking: () => asked > 0,
    within: (span) => asked > 0 || frames.size > 0 || [...periods.values()].some((period) => period <= span)
      || [...due.values()].some((time) => time <= performance.now() + span),
    next: (most) => new Promise((go) => { waiting.push(go); later(go, most); }),
  };
}
"""
# What a look says whose wait may be over with the very next one, or with an answer that is on its way.
_SOON, _ASKING = "soon", "asking"


def quiet_until(sign: str) -> str:
    """A script for ONE wait: quiet, with the sign there, for ``looks`` looks in a row, ``poll`` apart.

    Two looks are enough, close together, where the page has nothing planned for that time: then it is
    known to stay quiet. ``sign`` is a function of ours; its argument is data. The sign is what makes
    the wait safe: just after a gesture nothing may be on its way yet, and the page looks quiet. The
    count lives in the page and belongs to one wait (``token``): a stale one would pass at once
    (erp-reference §2.2). ``guarded``: the login page is not waited on, it is the end of the session.
    """
    return f"""
({{token, looks, poll, guarded, data}}) => {{
  {TOOLS}
  if (guarded && onLoginPage()) return {{lost: true}};
  if (window.archibaldQuiet?.token !== token) window.archibaldQuiet = {{token, count: 0, at: 0}};
  const memory = window.archibaldQuiet, now = performance.now();
  const work = busy(), value = work ? null : ({sign})(data);
  if (!value) {{
    memory.count = 0;
    return work && window.archibaldPlans?.asking() ? '{_ASKING}' : null;
  }}
  const known = window.archibaldPlans && !archibaldPlans.within(looks * poll);
  if (memory.count && known) return {{value}};
  if (!memory.count || now - memory.at >= poll - 1) {{ memory.count += 1; memory.at = now; }}
  return memory.count >= looks ? {{value}} : known ? '{_SOON}' : null;
}}"""


def look_at(read: str) -> str:
    """A script that reads once: its value is wrapped, so that also 0 and '' end the wait."""
    return f"""({{data}}) => {{ {TOOLS} return {{value: ({read})(data) ?? null}}; }}"""


def there(sign: str) -> str:
    """A script that waits for a sign, quiet or not."""
    return f"""({{guarded, data}}) => {{
  {TOOLS}
  if (guarded && onLoginPage()) return {{lost: true}};
  const value = ({sign})(data);
  return value ? {{value}} : null;
}}"""


def polled(script: str) -> str:
    """One evaluate that looks again and again, in the page, until the script gives a value; else null.

    The value comes as JSON text: Playwright would take a large one apart, and each part of it in turn.

    It looks when something of the page's was over, a moment (``settle``) later, and after ``poll`` in any
    case, or ``answer`` while the page is busy with a request: ten pages that look ten times a second at
    what cannot change are felt. Playwright's wait_for_function does the same in three round trips, which
    cost more than the looks.
    """
    return f"""
async ({{argument, within, poll, answer, settle}}) => {{
  const look = {script};
  const plans = window.archibaldPlans;
  const pause = (time) => new Promise((go) => (plans ? plans.later : setTimeout)(go, time));
  const end = performance.now() + within;
  for (;;) {{
    const value = look(argument);
    if (typeof value === 'object' && value) return JSON.stringify(value);
    const left = end - performance.now();
    if (left <= 0) return null;
    if (!plans) await pause(poll);
    else {{
      if (value !== '{_SOON}')
        await plans.next(Math.min(value === '{_ASKING}' ? answer : poll - settle, left));
      await pause(settle);
    }}
  }}
}}"""


BUSY = look_at("() => busy()")
