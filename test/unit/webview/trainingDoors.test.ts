/** What is no message of the training pages is taken for none. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { curvesDoor, detailLimits, sidebarDoor } from '../../../webview/training/messages';
import { someForm } from '../extension/training/someRuns';

const requests = {
  ...Object.fromEntries(
    Object.entries(sidebarDoor.requests).map(([name, schemas]) => [`sidebar ${name}`, schemas]),
  ),
  ...Object.fromEntries(
    Object.entries(curvesDoor.requests).map(([name, schemas]) => [`curves ${name}`, schemas]),
  ),
};
const startForm = sidebarDoor.requests.start.parameters;

describe('the doors of the training pages', () => {
  it('take a form that is filled in', () => {
    expect(v.safeParse(startForm, { form: someForm }).success).toBe(true);
  });

  it.each<[string, object]>([
    ['an unknown field', { path: '/etc/passwd' }],
    ['no language', { from: '' }],
    ['a language that is a path', { to: '../../de' }],
    ['an unknown size', { preset: 'huge' }],
    ['a budget of nothing', { budget: { kind: 'steps', steps: 0 } }],
    ['a budget without an end', { budget: { kind: 'minutes', minutes: Infinity } }],
    ['half a budget', { budget: { kind: 'minutes' } }],
    ['a long name', { name: 'x'.repeat(201) }],
  ])('refuse %s', (_, change) => {
    expect(v.safeParse(startForm, { form: { ...someForm, ...change } }).success).toBe(false);
  });

  it('refuse every number beyond its limits', () => {
    for (const [name, { low, high, whole }] of Object.entries(detailLimits)) {
      for (const value of [low - 1, high + 1, NaN, Infinity, '1', null, ...(whole ? [low + 0.5] : [])]) {
        const form = { ...someForm, details: { ...someForm.details, [name]: value } };
        expect(v.safeParse(startForm, { form }).success, `${name} ${String(value)}`).toBe(false);
      }
      for (const value of [low, high]) {
        const form = { ...someForm, details: { ...someForm.details, [name]: value } };
        expect(v.safeParse(startForm, { form }).success, `${name} ${value}`).toBe(true);
      }
    }
  });

  it('refuse ten thousand things that are none', () => {
    const schemas = Object.values(requests).filter(({ parameters }) => !v.safeParse(parameters, {}).success);
    expect(schemas.length).toBeGreaterThan(7);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const { parameters } of schemas) expect(v.safeParse(parameters, value).success).toBe(false);
      }),
      { seed: 7, numRuns: 10_000 },
    );
  });

  it('refuse histories whose columns are no columns', () => {
    const { history } = curvesDoor.events;
    expect(v.safeParse(history, { run: 'a', stepsFrom: 0, steps: { step: [1, 2] } }).success).toBe(false);
    expect(v.safeParse(history, {}).success).toBe(false);
  });
});
