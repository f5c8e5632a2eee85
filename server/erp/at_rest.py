"""Where an element can be clicked at once: it lies on top, and nothing on the page is about to move.

Playwright waits two frames before a click, to see that the element stands still: a third of what an order
of five lines takes in the browser beside the ERP. A page that has nothing planned, asks for nothing and runs
no animation cannot move it; where that is not known, Playwright sees to it.
"""

# Milliseconds in which nothing may be due: from the look to the click one or two pass.
_SOON = 50
# The point to click, as [x, y], or null.
PLACE = f"""
(id) => {{
  const element = document.getElementById(id), plans = window.archibaldPlans;
  if (!plans || plans.within({_SOON}) || !shown(element) || element.disabled) return null;
  if (document.getAnimations().some((animation) => animation.playState === 'running')) return null;
  const box = element.getBoundingClientRect();
  const point = [box.x + box.width / 2, box.y + box.height / 2];
  return element.contains(document.elementFromPoint(...point)) ? point : null;
}}
"""
