/** The one training that an engine may be at: who wants it to end, and who waits for that. */
import { UserError } from '../../userError';

/** How long a training may take to save itself when its engine ends. */
const settleMs = 4000;

export class TrainingSlot {
  private current:
    { readonly folder: string; readonly stop: () => void; readonly ended: Promise<unknown> } | undefined;

  /**
   * Runs a training that ends when its signal aborts.
   *
   * @throws UserError where there is one already
   */
  async take<Result>(folder: string, train: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    if (this.current) {
      throw new UserError(`This engine trains in ${this.current.folder} already: one training at a time.`);
    }
    const controller = new AbortController();
    const training = train(controller.signal);
    const ended = training.catch(() => undefined);
    this.current = { folder, stop: () => controller.abort(), ended };
    try {
      return await training;
    } finally {
      this.current = undefined;
    }
  }

  /** Asks the training to end after the step in hand. @returns whether there is one */
  stop(): boolean {
    this.current?.stop();
    return this.current !== undefined;
  }

  /** Stops the training and waits until it is saved, but not for ever; at once where there is none. */
  async settle(): Promise<void> {
    const { current } = this;
    if (!current) return;
    current.stop();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, settleMs)));
    await Promise.race([current.ended, late]);
    clearTimeout(timer);
  }
}
