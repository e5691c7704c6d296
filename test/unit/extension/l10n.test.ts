/** Every text that the extension shows can be translated: it goes through `l10n.t`, as a literal that tools can collect. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

/** Functions that show their first argument, and properties whose value is shown. */
const showing = new Set([
  ...['inform', 'warn', 'mention', 'showInformationMessage', 'showWarningMessage', 'showErrorMessage'],
  ...['setStatusBarMessage', 'withPatientProgress'],
]);
const shownProperties = new Set([
  'title',
  'label',
  'description',
  'detail',
  'placeHolder',
  'openLabel',
  'name',
]);

interface Fault {
  readonly where: string;
  readonly what: string;
}

function faultsOf(file: string, source: string): { faults: Fault[]; texts: number } {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const faults: Fault[] = [];
  let texts = 0;
  const fault = (node: ts.Node, what: string): void => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    faults.push({ where: `${file}:${line + 1}`, what });
  };
  const isBare = (node: ts.Expression | undefined): boolean =>
    node !== undefined && ts.isStringLiteralLike(node) && /\p{L}{2}/u.test(node.text);

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node)) {
      const called = node.expression.getText();
      const [text, ...values] = node.arguments;
      if (called === 'l10n.t') {
        texts++;
        if (text === undefined || !ts.isStringLiteralLike(text)) fault(node, 'l10n.t needs a literal');
        else {
          const places = [...text.text.matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place));
          if (Math.max(-1, ...places) + 1 !== values.length) fault(node, 'placeholders and values differ');
        }
      } else if (showing.has(called.split('.').at(-1)!) && !/\blog\./.test(called) && isBare(text)) {
        // The log is for those who mend things, and stays in English.
        fault(node, 'a text that is not translated');
      }
    }
    if (ts.isPropertyAssignment(node) && shownProperties.has(node.name.getText()) && isBare(node.initializer))
      fault(node, 'a text that is not translated');
    ts.forEachChild(node, visit);
  }
  visit(tree);
  return { faults, texts };
}

describe('the texts of the extension', () => {
  it('all go through l10n.t, with as many values as places for them', () => {
    const files = readdirSync(path.join(root, 'extension'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && file !== 'contributions.ts')
      .map((file) => path.join('extension', file));
    const found = files.map((file) => faultsOf(file, readFileSync(path.join(root, file), 'utf8')));
    expect(found.flatMap(({ faults }) => faults)).toEqual([]);
    expect(found.reduce((sum, { texts }) => sum + texts, 0)).toBeGreaterThan(40);
  });

  it.each([
    ['l10n.t(name)', 'l10n.t needs a literal'],
    ["l10n.t('{0} of {1}', 1)", 'placeholders and values differ'],
    ["inform('Something happened.')", 'a text that is not translated'],
    ["window.showErrorMessage('Something happened.')", 'a text that is not translated'],
    ["pick({ label: 'Choose' })", 'a text that is not translated'],
  ])('a fault would be seen: %s', (source, what) => {
    expect(faultsOf('a.ts', source).faults.map((fault) => fault.what)).toEqual([what]);
  });
});
