/**
 * Where the focus goes on when the button that had it is gone: what it led to may only come later, and the person may
 * have gone elsewhere by then.
 */

/** What can have the focus. */
interface Focusable {
  focus(): void;
}

/** The page, as far as the focus is concerned. */
export interface FocusPage {
  find(selector: string): Focusable | null;
  focused(): unknown;
}

export class FocusWish {
  readonly #page: FocusPage;
  /** Selectors, what is wished for first. */
  #places: readonly string[] = [];
  /** What was given the focus. */
  #given: Focusable | undefined;

  constructor(page: FocusPage) {
    this.#page = page;
  }

  /** @param places selectors: the first of them as soon as it is there, until then the next one that is */
  wish(...places: readonly string[]): void {
    this.#places = places;
    this.#given = undefined;
  }

  /** To be called whenever the page was shown anew. */
  grant(): void {
    // The person has gone on meanwhile.
    if (this.#given !== undefined && this.#page.focused() !== this.#given) this.wish();
    const place = this.#places.map((selector) => this.#page.find(selector)).find((found) => found !== null);
    if (place === undefined || place === this.#given) return;
    place.focus();
    this.#given = place;
  }
}
