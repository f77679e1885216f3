// The first module: it loads the others, again if one did not come, and says so when they do not come at all.

const TRIES = 3;
const PAUSE_MILLISECONDS = 400;

/** @param {number} left */
async function start(left) {
  try {
    const { show } = await import("./main.js");
    await show(/** @type {HTMLElement} */ (document.getElementById("console")));
  } catch (error) {
    if (left > 1) {
      setTimeout(start, PAUSE_MILLISECONDS, left - 1);
      return;
    }
    document.body.textContent = "The console could not be loaded. Load the page again. · 콘솔을 불러오지 못했습니다. 페이지를 새로 고치세요.";
    throw error;
  }
}

start(TRIES);
