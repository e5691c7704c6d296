/**
 * Who computes what in a training step on a graphics card, by onnxruntime's own profile: nothing of the model is left to the
 * processor. Where the card in software is there and onnxruntime finds none, this fails.
 */
import { missing } from './softwareCard';
import { expect, it, vi } from 'vitest';
import { Session, type SessionOptions } from '../../../models/runtime/session';
import { GpuTrainingState } from '../../../models/training/gpuTrainingState';
import { initialWeights } from '../../../models/training/initialise';
import { parameterShapes } from '../../../models/transformer/model';
import { profiledNodes } from '../profiledNodes';
import { temporaryFolder } from '../temporaryFolder';
import { batchOf, config, options, whole } from './cardBatches';

const inFolder = temporaryFolder('profile');
const nameOf = (session: number): string => `session${session}`;

it.skipIf(missing !== undefined)(
  `a card computes everything of a step but the shapes${missing ? ` (${missing})` : ''}`,
  async () => {
    const sessions: Session[] = [];
    const create = Session.create.bind(Session);
    vi.spyOn(Session, 'create').mockImplementation(async (program, more?: SessionOptions) => {
      const session = await create(program, { ...more, profile: inFolder(nameOf(sessions.length)) });
      sessions.push(session);
      return session;
    });
    const state = await GpuTrainingState.create(config, options);
    await state.writeWeights(initialWeights(parameterShapes(config), 4));
    const scale = 1 / whole.labels.length;
    await state.computeGradients(whole, scale, 1);
    await state.addGradients(batchOf([0, 1, 2]), scale, 2);
    await state.applyGradients({ step: 1, learningRate: 0.01, clipNorm: 1 });
    await state.evaluate(whole);
    await state.readWeights();
    vi.restoreAllMocks();
    for (const session of sessions) session.endProfiling();
    await state.dispose();

    // Step, update, norms, upload, download, sum of parts, evaluation.
    expect(sessions).toHaveLength(7);
    for (const index of sessions.keys()) {
      const nodes = await profiledNodes(inFolder(''), nameOf(index));
      expect(nodes.some(({ isOnCard }) => isOnCard)).toBe(true);
      const left = nodes.filter(({ isOnCard, isOfModel }) => isOfModel && !isOnCard);
      expect([...new Set(left.map(({ name }) => name))]).toEqual([]);
      if (index === 0) expect(nodes.filter(({ isOnCard }) => isOnCard).length).toBeGreaterThan(500);
    }
  },
  300_000,
);
