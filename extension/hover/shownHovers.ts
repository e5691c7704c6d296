/**
 * What the last hovers showed, for their links: a link carries a number and nothing of the text, which anybody could write.
 */
import type { TextDocument } from 'vscode';
import type { Disposable } from '../disposable';
import type { Passage } from '../prose/passage';
import { PassageEdits, type Outcome } from '../translate/passageEdits';

export interface ShownHover {
  readonly document: TextDocument;
  readonly passage: Passage;
  /** The translation as it was shown. */
  readonly translation: string;
  /** What the attention panel is opened with. */
  readonly attention: {
    readonly text: string;
    readonly from: string;
    readonly to: string;
    readonly folder: string;
  };
}

/** One is open at a time; a few more, for who goes back with the keyboard. */
const mostHovers = 8;

export class ShownHovers implements Disposable {
  readonly #hovers = new Map<number, { readonly shown: ShownHover; readonly edits: PassageEdits }>();
  #next = 1;

  /** Follows the hover's passage from now on, as long as it is among the last. */
  add(shown: ShownHover): number {
    const id = this.#next++;
    this.#hovers.set(id, { shown, edits: new PassageEdits(shown.document, [shown.passage]) });
    for (const oldest of this.#hovers.keys()) {
      if (this.#hovers.size <= mostHovers) break;
      this.#forget(oldest);
    }
    return id;
  }

  /** @param id from a link, so that it can be anything */
  get(id: unknown): ShownHover | undefined {
    return this.#hovers.get(id as number)?.shown;
  }

  /** Puts what was shown in the place of the text; undefined where the hover is no longer known. */
  async replace(id: unknown): Promise<Outcome | undefined> {
    const hover = this.#hovers.get(id as number);
    return hover?.edits.replace([{ index: 0, translation: hover.shown.translation }]);
  }

  dispose(): void {
    for (const id of [...this.#hovers.keys()]) this.#forget(id);
  }

  #forget(id: number): void {
    this.#hovers.get(id)?.edits.dispose();
    this.#hovers.delete(id);
  }
}
