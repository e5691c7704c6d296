/**
 * The whole training step, loss and every gradient, against an implementation in PyTorch float64 (test/bench/twin.py).
 * test/fixtures/transformer/makeFixture.py wrote what is expected; no Python is needed here.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Session } from '../../../models/runtime/session';
import { buildEvaluation, buildStep, gradientPrefix } from '../../../models/training/trainStep';
import { validateConfig, type TransformerConfig } from '../../../models/transformer/config';
import { parameterShapes } from '../../../models/transformer/model';
import { fed, numbers, type Feeds } from '../graph/run';

interface Fixture {
  config: TransformerConfig;
  labelSmoothing: number;
  sourceIds: number[][];
  targetIds: number[][];
  labels: number[][];
  loss: number;
  negativeLogLikelihood: number;
  parameters: { name: string; shape: number[]; weight: string; gradient: string }[];
}

function load(name: string): Fixture {
  const file = new URL(`../../fixtures/transformer/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Fixture;
}

function decoded(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);
}

function matrix(rows: number[][]): Feeds[string] {
  return fed('int32', [rows.length, rows[0]!.length], rows.flat());
}

/** Weights, the batch, and which places of it predict a token. */
function feedsOf({ parameters, sourceIds, targetIds, labels, config }: Fixture): {
  feeds: Feeds;
  tokens: number;
} {
  const places = labels.flat().flatMap((label, place) => (label === config.paddingToken ? [] : [place]));
  const weights = parameters.map(({ name, shape, weight }) => [name, fed('float32', shape, decoded(weight))]);
  return {
    feeds: {
      ...(Object.fromEntries(weights) as Feeds),
      sourceIds: matrix(sourceIds),
      targetIds: matrix(targetIds),
      rows: fed('int32', [places.length], places),
      labels: fed(
        'int32',
        [places.length],
        places.map((place) => labels.flat()[place]!),
      ),
    },
    tokens: places.length,
  };
}

const largest = (values: Iterable<number>): number => Math.max(...Array.from(values, Math.abs));

describe.each(['published', 'preNorm', 'oddWidths'])('%s', (name) => {
  const fixture = load(name);
  const config = validateConfig(fixture.config, name);
  const { feeds, tokens } = feedsOf(fixture);

  it('has the same parameters', () => {
    const ours = parameterShapes(config).map((one) => [one.name, one.shape] as const);
    const theirs = fixture.parameters.map((one) => [one.name, one.shape] as const);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
    expect(ours).toHaveLength(theirs.length);
  });

  it('has the same loss and gradients', async () => {
    const { program } = buildStep(config, {
      dropout: { residual: 0, attention: 0, feedForward: 0 },
      labelSmoothing: fixture.labelSmoothing,
      lossChunks: 3,
    });
    const session = await Session.create(program, { threads: 2 });
    const results = await session.run({ ...feeds, scale: fed('float32', [], [1 / tokens]) });
    await session.dispose();
    expect(numbers(results['loss']!)[0]! / fixture.loss).toBeCloseTo(1, 5);
    expect(numbers(results['negativeLogLikelihood']!)[0]! / fixture.negativeLogLikelihood).toBeCloseTo(1, 5);

    const expected = new Map(fixture.parameters.map((one) => [one.name, decoded(one.gradient)]));
    const overall = largest([...expected.values()].map(largest));
    expect(overall).toBeGreaterThan(0);
    for (const [parameter, wanted] of expected) {
      const gradient = numbers(results[gradientPrefix + parameter]!);
      const error = largest(gradient.map((value, index) => value - wanted[index]!));
      const bound = 1e-4 * Math.max(largest(wanted), 1e-3 * overall);
      expect(error, `gradient of ${parameter}, which is up to ${largest(wanted)}`).toBeLessThanOrEqual(bound);
      expect(gradient).toHaveLength(wanted.length);
    }
  });

  it('has the same loss where only the loss is asked for', async () => {
    const program = buildEvaluation(config, { labelSmoothing: fixture.labelSmoothing, lossChunks: 2 });
    const session = await Session.create(program, { threads: 1 });
    const results = await session.run(feeds);
    await session.dispose();
    expect(numbers(results['loss']!)[0]! / fixture.loss).toBeCloseTo(1, 5);
    expect(numbers(results['negativeLogLikelihood']!)[0]! / fixture.negativeLogLikelihood).toBeCloseTo(1, 5);
  });
});
