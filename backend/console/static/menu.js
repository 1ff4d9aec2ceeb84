// The menu is longer than a phone is wide, and than a small screen is high: brings the page one is on into view.

const here = document.querySelector(".bar nav [aria-current]");
const menu = here?.closest("nav");
if (menu) {
  const [mine, whole] = [here.getBoundingClientRect(), menu.getBoundingClientRect()];
  menu.scrollLeft += (mine.left + mine.right - whole.left - whole.right) / 2;
  if (mine.top < whole.top || mine.bottom > whole.bottom) menu.scrollTop += (mine.top + mine.bottom - whole.top - whole.bottom) / 2;
}
