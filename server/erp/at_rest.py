"""Where an element can be clicked at once: it lies on top, and nothing on the page is about to move.

Playwright waits two frames before a click, to see that the element stands still: a third of what an order
of five lines takes in the browser beside the ERP. A page that has nothing planned, asks for nothing and runs
no animation cannot move it; where that is not known, Playwright sees to it.

A page that was scrolled tells its scripts with the next frame only, and the head of a form then changes its
place: until it has been told the page is not at rest. What else moves with a frame is not to be known, so the
press is judged where it lands. One that would land on something else is swallowed before anything can feel
it, and Playwright clicks instead; and so it does where the element moved away under the pressed button.
"""

# Milliseconds in which nothing may be due: from the look to the click one or two pass.
_SOON = 50
# The point to click, as [x, y], or null. With a point, the next press is expected to land on the element.
PLACE = f"""
(id) => {{
  const element = document.getElementById(id), plans = window.archibaldPlans;
  if (!plans || plans.within({_SOON}) || plans.scrolling() || !shown(element) || element.disabled) return null;
  if (document.getAnimations().some((animation) => animation.playState === 'running')) return null;
  const box = element.getBoundingClientRect();
  const point = [box.x + box.width / 2, box.y + box.height / 2];
  if (!element.contains(document.elementFromPoint(...point))) return null;
  const press = {{element, pressed: null, clicked: false, over: new AbortController()}};
  const judge = (event) => {{
    const hit = element.contains(event.target);
    press.pressed ??= hit;
    press.clicked ||= hit && event.type === 'click';
    if (press.pressed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }};
  window.archibaldPress?.over.abort();
  window.archibaldPress = press;
  for (const kind of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click'])
    window.addEventListener(kind, judge, {{capture: true, signal: press.over.signal}});
  return point;
}}
"""
# After the click: whether the element got it. One that is gone was pressed for that; a page that expects no
# press came with the click.
LANDED = """
() => {
  const press = window.archibaldPress;
  if (!press) return true;
  delete window.archibaldPress;
  press.over.abort();
  return press.clicked || (press.pressed === true && !shown(press.element));
}
"""
# For Playwright's own click: it scrolls, and clicks before the page's scripts have heard of that.
IN_VIEW = """
(id) => {
  const element = document.getElementById(id);
  if (!shown(element)) return true;
  const box = element.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight)
    element.scrollIntoView({block: 'center', inline: 'nearest', behavior: 'instant'});
  return !window.archibaldPlans?.scrolling();
}
"""
