/** onnxruntime, and nothing else knows it: sessions, threads, and how numbers get in and out. */
import './noTelemetry';
import * as ort from 'onnxruntime-node';

export { ort };

/** What a session needs to know of a program (models/graph builds them). */
export interface RunnableProgram<Output extends string = string> {
  readonly model: Uint8Array;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<Output, unknown>>;
}

/** What computes: the processor, or a graphics card by way of Vulkan, D3D12 or Metal. */
export type Device = 'cpu' | 'webgpu';

/** What may translate: DirectML, Core ML and CUDA besides, which are experimental. */
export type InferenceDevice = Device | 'dml' | 'coreml' | 'cuda';

/** Version of onnxruntime. */
export const runtimeVersion: string = ort.env.versions.node ?? ort.env.versions.common;

export const inferenceDevices: readonly InferenceDevice[] = ['cpu', 'webgpu', 'dml', 'coreml', 'cuda'];

/** What onnxruntime says that it can use here: a device that is named need not work. */
export function listedDevices(): InferenceDevice[] {
  const names = ort.listSupportedBackends().map(({ name }) => name);
  return inferenceDevices.filter((device) => names.includes(device));
}

export interface SessionOptions<Output extends string = string> {
  /** Threads of one operator; 0 means one a physical core. */
  readonly threads?: number;
  /** `cpu` unless given. Shapes are reckoned by the processor on each, and what the device cannot compute. */
  readonly device?: InferenceDevice;
  /**
   * Outputs that stay in the memory of a `webgpu` device, to be fed to further runs there; who asked for them disposes
   * of them. Other devices hand out all they compute.
   */
  readonly onDevice?: readonly Output[];
  /** Where onnxruntime writes down, with a date behind it, what each node took and who computed it. */
  readonly profile?: string | undefined;
}

export type Feeds = Readonly<Record<string, ort.Tensor>>;

/** A program in memory, ready to run. `run` blocks the calling thread: never in the extension host. */
export class Session<Output extends string = string> {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly outputNames: readonly Output[],
  ) {}

  static async create<Output extends string>(
    program: RunnableProgram<Output>,
    { threads = 0, device = 'cpu', onDevice = [], profile }: SessionOptions<Output> = {},
  ): Promise<Session<Output>> {
    const outputNames = Object.keys(program.outputs) as Output[];
    const session = await ort.InferenceSession.create(program.model, {
      executionProviders: [device],
      ...(device === 'webgpu' && {
        preferredOutputLocation: Object.fromEntries(
          outputNames.map((name) => [name, onDevice.includes(name) ? 'gpu-buffer' : 'cpu'] as const),
        ),
      }),
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      // Shapes change from batch to batch: patterns would be planned anew each time and keep 200 MB.
      enableMemPattern: false,
      ...(profile !== undefined && { enableProfiling: true, profileFilePrefix: profile }),
      logSeverityLevel: 3,
    });
    return new Session(session, outputNames);
  }

  /** Runs once. Outputs given as `into` are written in place; all outputs are returned. */
  async run(
    feeds: Feeds,
    into: Partial<Record<Output, ort.Tensor>> = {},
  ): Promise<Record<Output, ort.Tensor>> {
    const fetches: Record<string, ort.Tensor | null> = {};
    for (const name of this.outputNames) fetches[name] = into[name] ?? null;
    return (await this.session.run(feeds, fetches)) as Record<Output, ort.Tensor>;
  }

  /** Ends the profiling that `profile` began; the file is then whole. */
  endProfiling(): void {
    this.session.endProfiling();
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }
}
