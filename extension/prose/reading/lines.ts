/** A text as lines. */

/** Lines, without their endings. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

/** A text's lines, and where they begin in it. */
export class TextLines implements Lines {
  readonly texts: readonly string[];
  /** UTF-16 offsets. */
  readonly offsets: readonly number[];

  constructor(readonly text: string) {
    const texts: string[] = [];
    const offsets: number[] = [];
    let start = 0;
    for (const { index, 0: lineBreak } of text.matchAll(/\r\n|\n|\r/g)) {
      offsets.push(start);
      texts.push(text.slice(start, index));
      start = index + lineBreak.length;
    }
    this.offsets = [...offsets, start];
    this.texts = [...texts, text.slice(start)];
  }

  get count(): number {
    return this.texts.length;
  }

  at(line: number): string {
    return this.texts[line]!;
  }

  offsetAt(line: number, column: number): number {
    return this.offsets[line]! + column;
  }

  /** The line that an offset lies in. */
  lineAt(offset: number): number {
    let [low, high] = [0, this.offsets.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (this.offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
