/** Numbers as people read them, in the language of the editor: on the pages, and in what the host says of trainings. */
export class Formats {
  readonly #language: string;
  readonly #made = new Map<string, Intl.NumberFormat>();

  constructor(language: string) {
    this.#language = language;
  }

  /** `12,500`. */
  count(value: number): string {
    return this.#number(value, {});
  }

  /** `7.6M`. */
  roughly(value: number): string {
    return this.#number(value, { notation: 'compact', maximumSignificantDigits: 3 });
  }

  /** A loss or a perplexity: as many digits as tell it from its neighbour, and no more. `3.214`, `12.3`, `1,234`. */
  figure(value: number): string {
    const size = Math.abs(value);
    if (size >= 10_000) return this.roughly(value);
    if (size > 0 && size < 0.001) return this.scientific(value);
    const digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4;
    return this.#number(value, { maximumFractionDigits: digits });
  }

  /** A learning rate: `0.0114`, and `6.3E-5` where the noughts would have to be counted. */
  rate(value: number): string {
    return value !== 0 && Math.abs(value) < 0.0001
      ? this.scientific(value)
      : this.#number(value, { maximumSignificantDigits: 3 });
  }

  /** `6.3E-5`. */
  scientific(value: number): string {
    return value === 0 ? '0' : this.#number(value, { notation: 'scientific', maximumFractionDigits: 2 });
  }

  /** BLEU and chrF, as papers write them: `21.3`. */
  score(value: number): string {
    return this.#number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  }

  percent(share: number): string {
    return this.#number(share, { style: 'percent', maximumFractionDigits: 0 });
  }

  /** `1 h 5 min`, `40 s`: the two largest units. */
  duration(seconds: number): string {
    const units = [
      ['day', 86_400],
      ['hour', 3600],
      ['minute', 60],
      ['second', 1],
    ] as const;
    let rest = Math.max(0, Math.round(seconds));
    const parts: string[] = [];
    for (const [unit, size] of units) {
      const value = Math.floor(rest / size);
      rest -= value * size;
      if (value === 0 && !(unit === 'second' && parts.length === 0)) {
        if (parts.length > 0) break;
        continue;
      }
      parts.push(this.#number(value, { style: 'unit', unit, unitDisplay: 'narrow' }));
      if (parts.length === 2) break;
    }
    return parts.join(' ');
  }

  /** `140 MB`. */
  bytes(value: number): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
    const power = value < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(value) / 3));
    const scaled = value / 1000 ** power;
    return this.#number(scaled, {
      style: 'unit',
      unit: units[power]!,
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: scaled < 10 && power > 0 ? 1 : 0,
    });
  }

  /** `English`; the tag itself where it is of no language that is known. */
  language(tag: string): string {
    try {
      const name = new Intl.DisplayNames([this.#language, 'en'], { type: 'language' }).of(tag) ?? tag;
      return name.charAt(0).toLocaleUpperCase(this.#language) + name.slice(1);
    } catch {
      return tag;
    }
  }

  #number(value: number, options: Intl.NumberFormatOptions): string {
    const key = JSON.stringify(options);
    let format = this.#made.get(key);
    if (format === undefined) {
      format = makeFormat(this.#language, options);
      this.#made.set(key, format);
    }
    return format.format(value);
  }
}

function makeFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  try {
    return new Intl.NumberFormat(language, options);
  } catch {
    // VS Code can be told to speak a language that has no tag.
    return new Intl.NumberFormat('en', options);
  }
}
