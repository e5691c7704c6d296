/** The page beside exported graphs: inputs, outputs, and a program that translates with them. */
import type { ModelConfig } from '../storage/modelFolder';

export function onnxReadme({ name, from, to, transformer, weights }: ModelConfig): string {
  const { decoderLayers, heads, dKey, dValue, vocabularySize } = transformer;
  const { decoderStartToken, endToken, paddingToken } = transformer;
  const layers = decoderLayers === 1 ? 'layer 0' : `layers 0 … ${decoderLayers - 1}`;
  return `# ${oneLine(name)}: ${from} → ${to}

A Transformer (Vaswani et al. 2017), written by Polyhead as two ONNX graphs with their weights (${weights ?? 'float32'}, opset 21).
${weights === 'int8' ? 'onnxruntime from 1.22 on runs them (the operator MatMulNBits of com.microsoft in 8 bits)' : 'Any onnxruntime from 1.20 on runs them'}. \`tokenizer.json\` is a Hugging Face tokenizer, \`config.json\` has the sizes.

## encoder.onnx, once a batch of sentences

| input       | type  | shape                   |                                                              |
| ----------- | ----- | ----------------------- | ------------------------------------------------------------ |
| \`sourceIds\` | int32 | [batch, sourceLength]   | token ids, the end (${endToken}) after each, then padding (${paddingToken}) |

| output                                    | type    | shape                              |                            |
| ----------------------------------------- | ------- | ---------------------------------- | -------------------------- |
| \`next.crossKeys0\`, … of ${layers}    | float32 | [batch, ${heads}, sourceLength, ${dKey}]      | what the decoder looks at  |
| \`next.crossValues0\`, …                    | float32 | [batch, ${heads}, sourceLength, ${dValue}]      |                            |
| \`next.crossMask\`                          | float32 | [batch, 1, 1, sourceLength]        | keeps it from the padding  |

## decoder.onnx, once a target token

| input                               | type    | shape                                                      |                                                             |
| ----------------------------------- | ------- | ---------------------------------------------------------- | ----------------------------------------------------------- |
| \`tokenIds\`                          | int32   | [batch, 1]                                                 | the token said last; ${decoderStartToken} before the first  |
| \`position\`                          | int32   | []                                                         | tokens said so far, the same for all                        |
| \`rows\`                              | int32   | [batch]                                                    | which row of \`selfKeys\` each goes on from: 0, 1, … without a beam |
| \`crossKeys0\`, \`crossValues0\`, …, \`crossMask\` | float32 | as the encoder gives them, without \`next.\`          |                                                             |
| \`selfKeys0\`, \`selfValues0\`, …       | float32 | [batch, ${heads}, position, ${dKey}] and [batch, ${heads}, position, ${dValue}] | of the step before, without \`next.\`; empty at first          |

| output                              | type    | shape                                        |                                          |
| ----------------------------------- | ------- | -------------------------------------------- | ---------------------------------------- |
| \`logProbabilities\`                  | float32 | [batch, ${vocabularySize}]                   | of the token that comes next             |
| \`crossAttention\`                    | float32 | [${decoderLayers}, batch, ${heads}, 1, sourceLength] | where it looked: layer, sentence, head   |
| \`next.selfKeys0\`, \`next.selfValues0\`, … | float32 | [batch, ${heads}, position + 1, …]           | for the next step                        |

## Translating

Sentences one at a time; the model has seen few of more than 150 tokens. Spans that must come back as they are
(\`%s\`, tags, paths) were \`<x0>\` … \`<x15>\` in training; Polyhead sees to it that each is said once.

\`\`\`python
import numpy as np, onnxruntime as ort
from tokenizers import Tokenizer

tokenizer = Tokenizer.from_file("tokenizer.json")
encoder, decoder = ort.InferenceSession("encoder.onnx"), ort.InferenceSession("decoder.onnx")
names = [output.name for output in decoder.get_outputs() if output.name.startswith("next.")]

def translate(sentence, longest=200):
    source = tokenizer.encode(sentence, add_special_tokens=False).ids + [${endToken}]
    cross = encoder.run(None, {"sourceIds": np.array([source], np.int32)})
    feeds = {o.name[5:]: value for o, value in zip(encoder.get_outputs(), cross)}
    for name in names:
        width = ${dKey === dValue ? String(dKey) : `${dKey} if "Keys" in name else ${dValue}`}
        feeds[name[5:]] = np.zeros((1, ${heads}, 0, width), np.float32)
    tokens = []
    while len(tokens) < longest:
        feeds["tokenIds"] = np.array([[tokens[-1] if tokens else ${decoderStartToken}]], np.int32)
        feeds["position"] = np.array(len(tokens), np.int32)
        feeds["rows"] = np.array([0], np.int32)
        scores, *state = decoder.run(["logProbabilities", *names], feeds)
        token = int(scores[0].argmax())
        if token == ${endToken}:
            break
        tokens.append(token)
        feeds.update({name[5:]: value for name, value in zip(names, state)})
    return tokenizer.decode(tokens)
\`\`\`
`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
