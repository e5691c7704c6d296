/** What onnxruntime's profile says of the nodes that ran: who computed each of them. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface ProfiledNode {
  readonly operator: string;
  /** With its operator and the types that it made, for a person. */
  readonly name: string;
  readonly isOnCard: boolean;
  /** Shapes and places are whole numbers; numbers of the model and masks are none. */
  readonly isOfModel: boolean;
}

/** @param prefix of the file, as the session was given it */
export async function profiledNodes(folder: string, prefix: string): Promise<ProfiledNode[]> {
  const file = (await readdir(folder)).find((name) => name.startsWith(`${prefix}_`));
  if (file === undefined) throw new Error(`There is no profile ${prefix} in ${folder}.`);
  const events = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as {
    cat: string;
    name: string;
    args?: { provider?: string; op_name?: string; output_type_shape?: Record<string, number[]>[] };
  }[];
  return events.flatMap(({ cat, name, args }) => {
    if (cat !== 'Node' || args?.provider === undefined) return [];
    const types = (args.output_type_shape ?? []).flatMap((output) => Object.keys(output));
    const operator = args.op_name ?? '';
    return {
      operator,
      name: `${operator} ${name} ${types.join()}`,
      isOnCard: args.provider === 'WebGpuExecutionProvider',
      isOfModel: types.some((type) => !type.startsWith('int')),
    };
  });
}
