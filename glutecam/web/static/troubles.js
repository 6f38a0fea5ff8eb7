// What went wrong after a click, said where it can be seen, until the next page.

import { say, t } from "/static/texts.js";

/** Return the words for an error: of the server, or that there is none. */
export const wordsOf = (error) => (error instanceof TypeError ? t("error.gone") : say(error.message));

/** Return the action; should it fail, that is told. */
export function guarded(action) {
  return async (...all) => {
    quiet();
    try {
      return await action(...all);
    } catch (error) {
      const told = document.getElementById("told");
      told.textContent = wordsOf(error);
      told.hidden = false;
      told.scrollIntoView({ block: "nearest" });
      return undefined;
    }
  };
}

/** Take back what was told. */
export function quiet() {
  const told = document.getElementById("told");
  told.hidden = true;
  told.textContent = "";
}
