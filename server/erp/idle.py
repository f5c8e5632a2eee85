"""When the page is quiet: no loading panel shows, no control is in a callback, several looks long."""

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

# A form that was posted whole shows nothing until the answer replaces the page: it says so itself.
TELL_POSTS = """
{
  const submit = HTMLFormElement.prototype.submit;
  HTMLFormElement.prototype.submit = function () { window.archibaldPosted = true; submit.call(this); };
  window.addEventListener('submit', (event) => { window.archibaldPosted ||= !event.defaultPrevented; });
}
"""


def quiet_until(sign: str) -> str:
    """A script for ONE wait: quiet, and the sign there, for ``looks`` looks in a row.

    ``sign`` is a function of ours; its argument is data. The sign is what makes the wait safe: just
    after a gesture nothing may be on its way yet, and the page looks quiet. The count lives in the
    page and belongs to one wait (``token``): a stale one would pass at once (erp-reference §2.2).
    ``guarded``: the login page is not waited on, it is the end of the session.
    """
    return f"""
({{token, looks, guarded, data}}) => {{
  {TOOLS}
  if (guarded && onLoginPage()) return {{lost: true}};
  if (window.archibaldQuiet?.token !== token) window.archibaldQuiet = {{token, count: 0}};
  const memory = window.archibaldQuiet;
  const value = busy() ? null : ({sign})(data);
  if (!value) {{ memory.count = 0; return null; }}
  memory.count += 1;
  return memory.count >= looks ? {{value}} : null;
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

    Playwright's wait_for_function does the same in three round trips, which cost more than the looks.
    """
    return f"""
async ({{argument, within, poll}}) => {{
  const look = {script};
  const end = performance.now() + within;
  for (;;) {{
    const value = look(argument);
    if (value) return value;
    if (performance.now() >= end) return null;
    await new Promise((again) => setTimeout(again, poll));
  }}
}}"""


BUSY = look_at("() => busy()")
