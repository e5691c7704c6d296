/** Whether there is a device for WebGPU at all, and what onnxruntime's log says of the cards of this machine. */
import { matmul } from '../../../models/graph/operators';
import { buildProgram } from '../../../models/graph/program';
import { input } from '../../../models/graph/tensor';
import { ort, Session } from '../../../models/runtime/session';
import { report } from './report';

/** The log goes to stderr, where whoever started the part reads it. */
export async function findAdapter(): Promise<void> {
  ort.env.logLevel = 'verbose';
  const matrix = (name: string) => input(name, 'float32', ['n', 'n']);
  const program = buildProgram('product', { product: matmul(matrix('a'), matrix('b')) });
  const session = await Session.create(program, { device: 'webgpu' });
  const values = new ort.Tensor('float32', Float32Array.of(1, 2, 3, 4), [2, 2]);
  const { product } = await session.run({ a: values, b: values });
  report('adapter', { found: true, computes: String(product.data) === '7,10,15,22' });
  await session.dispose();
}
