/**
 * Which plural form of a catalogue a number takes: `Plural-Forms: nplurals=3; plural=(n==1 ? 0 : …);`, an expression of C
 * in the one variable n, as the GNU gettext manual describes it.
 */

/** What follows on what binds more tightly, loosest first; all of them from left to right. */
const operators: readonly Readonly<Record<string, (a: number, b: number) => number>>[] = [
  { '||': (a, b) => Number(a !== 0 || b !== 0) },
  { '&&': (a, b) => Number(a !== 0 && b !== 0) },
  { '==': (a, b) => Number(a === b), '!=': (a, b) => Number(a !== b) },
  {
    '<': (a, b) => Number(a < b),
    '>': (a, b) => Number(a > b),
    '<=': (a, b) => Number(a <= b),
    '>=': (a, b) => Number(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => Math.trunc(a / b), '%': (a, b) => a % b },
];

/** No language needs so much; what is longer is no expression of this kind. */
const longest = 1000;
const deepest = 50;

/**
 * The form of a number.
 *
 * @param field the header's field without its name
 * @returns undefined where the field cannot be understood
 */
export function pluralFormOf(field: string, n: number): number | undefined {
  const expression = /\bplural\s*=\s*([^;]+)/.exec(field)?.[1] ?? '';
  if (expression.length > longest) return undefined;
  const form = new Expression(expression, n).value();
  return form !== undefined && Number.isSafeInteger(form) && form >= 0 ? form : undefined;
}

class Expression {
  private readonly tokens: readonly string[];
  private at = 0;
  private depth = 0;

  constructor(
    text: string,
    private readonly n: number,
  ) {
    this.tokens = text.match(/\d+|n|[=!<>]=|&&|\|\||[<>!?:+\-*/%()]|\S/g) ?? [];
  }

  value(): number | undefined {
    try {
      const value = this.choice();
      return this.at === this.tokens.length ? value : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** `a ? b : c`, from right to left. */
  private choice(): number {
    if (++this.depth > deepest) throw new SyntaxError('too deep');
    const condition = this.binary(0);
    let value = condition;
    if (this.take('?')) {
      const yes = this.choice();
      this.expect(':');
      const no = this.choice();
      value = condition !== 0 ? yes : no;
    }
    this.depth--;
    return value;
  }

  private binary(level: number): number {
    const here = operators[level];
    if (here === undefined) return this.unary();
    let value = this.binary(level + 1);
    for (;;) {
      const token = this.tokens[this.at];
      if (token === undefined || !Object.hasOwn(here, token)) return value;
      this.at++;
      value = here[token]!(value, this.binary(level + 1));
    }
  }

  private unary(): number {
    let negations = 0;
    while (this.take('!')) negations++;
    const value = this.primary();
    return negations === 0 ? value : Number((value === 0) === (negations % 2 === 1));
  }

  private primary(): number {
    if (this.take('(')) {
      const value = this.choice();
      this.expect(')');
      return value;
    }
    const token = this.tokens[this.at++];
    if (token === 'n') return this.n;
    if (token === undefined || !/^\d+$/.test(token)) throw new SyntaxError(`no number: ${token ?? ''}`);
    return Number(token);
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new SyntaxError(`no ${token}`);
  }
}
