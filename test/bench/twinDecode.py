"""Polyhead's decoding in PyTorch (models/inference/search.ts), as one would write it there to be quick: keys and values
are kept from token to token, those of the source are computed once, and sentences that are finished leave the batch.

What a text asks for besides is ours alone: placeholders, and the end of what repeats itself.
"""
import math

import torch

EXTRA_LENGTH = 50


class Decoding:
    """A batch of sources half-way through their targets. Letters as in twin.py; r rows: hypotheses side by side."""

    def __init__(self, twin, source):
        """source [b, s], padded at the end"""
        self.twin = twin
        self.layers = [f'decoder.layers.{layer}' for layer in range(twin.config['decoderLayers'])]
        encoded = twin.encode(source)
        self.visible = (source != twin.config['paddingToken'])[:, None, None, :]
        self.cross = [twin.memory(f'{layer}.crossAttention', encoded) for layer in self.layers]
        self.own = [None for _ in self.layers]
        self.table = twin.positions('decoder', source.shape[1] + EXTRA_LENGTH + 1, encoded)
        self.position = 0

    def step(self, tokens):
        """One more token [r] of each -> logits of what may follow, [r, vocabularySize]"""
        twin = self.twin
        x = twin.rows(tokens)[:, None, :] + self.table[self.position]
        self.position += 1
        for index, layer in enumerate(self.layers):
            x = twin.residual(f'{layer}.selfAttentionNorm', x, lambda y: self.attend(index, layer, y))
            x = twin.residual(f'{layer}.crossAttentionNorm', x, lambda y: twin.attention(
                f'{layer}.crossAttention', y, self.cross[index], self.visible))
            x = twin.residual(f'{layer}.feedForwardNorm', x, lambda y: twin.feed_forward(f'{layer}.feedForward', y))
        if twin.config['normalisation'] == 'pre':
            x = twin.norm('decoder.norm', x)
        return twin.project(x[:, 0])

    def attend(self, index, layer, x):
        memory, before = self.twin.memory(f'{layer}.selfAttention', x), self.own[index]
        if before is not None:
            memory = tuple(torch.cat(pair, 2) for pair in zip(before, memory))
        self.own[index] = memory
        return self.twin.attention(f'{layer}.selfAttention', x, memory, None)

    def go_on_from(self, rows):
        """The next step's hypotheses are those of these rows of the last one."""
        self.own = [tuple(part.index_select(0, rows) for part in memory) for memory in self.own]

    def keep_sources(self, rows):
        self.cross = [tuple(part.index_select(0, rows) for part in memory) for memory in self.cross]
        self.visible = self.visible.index_select(0, rows)


def penalise(total, length, penalty):
    return total / ((5 + length) / 6) ** penalty


class Search:
    def __init__(self, twin, barred):
        """barred: ids of tokens that stand for nothing in a text"""
        self.twin = twin
        config = twin.config
        self.end, self.start, self.padding = config['endToken'], config['decoderStartToken'], config['paddingToken']
        self.barred = torch.zeros(config['vocabularySize'])
        self.barred[barred] = -math.inf

    def pad(self, sources):
        longest = max(map(len, sources))
        return torch.tensor([source + [self.padding] * (longest - len(source)) for source in sources])

    def greedy(self, sources):
        """The likeliest token each time -> the targets' tokens without their ends."""
        decoding = Decoding(self.twin, self.pad(sources))
        targets = [[] for _ in sources]
        growing = list(range(len(sources)))
        tokens = torch.full((len(sources),), self.start)
        while growing:
            tokens = (decoding.step(tokens) + self.barred).argmax(1)
            kept = []
            for row, token in enumerate(tokens.tolist()):
                target = targets[growing[row]]
                if token == self.end:
                    continue
                target.append(token)
                if len(target) < len(sources[growing[row]]) + EXTRA_LENGTH:
                    kept.append(row)
            if len(kept) < len(growing):
                growing = [growing[row] for row in kept]
                if growing:
                    rows = torch.tensor(kept)
                    decoding.go_on_from(rows)
                    decoding.keep_sources(rows)
                    tokens = tokens[rows]
        return targets

    def beam(self, sources, size, penalty):
        """Beam search (6.1): the best target of each."""
        decoding = Decoding(self.twin, self.pad(sources))
        vocabulary = self.twin.config['vocabularySize']
        finished = [[] for _ in sources]
        # Of each source that is not done: its number, and its hypotheses.
        growing = [(number, [[]]) for number in range(len(sources))]
        tokens, sums = torch.full((len(sources),), self.start), torch.zeros(len(sources), 1)
        length = 0
        while growing:
            length += 1
            scores = (decoding.step(tokens).log_softmax(1) + self.barred).view(len(growing), -1, vocabulary)
            cut = [length > len(sources[number]) + EXTRA_LENGTH and self.leave_ends(scores[place])
                   for place, (number, _) in enumerate(growing)]
            best = (sums[..., None] + scores).flatten(1).topk(2 * size)
            still, rows, said, sums_left, sources_left = [], [], [], [], []
            width = scores.shape[1]
            for place, ((number, targets), values, indices) in enumerate(
                    zip(growing, best.values.tolist(), best.indices.tolist())):
                longest, next_targets, next_rows, next_sums = len(sources[number]) + EXTRA_LENGTH, [], [], []
                for rank, (value, index) in enumerate(zip(values, indices)):
                    if value == -math.inf:
                        break
                    row, token = divmod(index, vocabulary)
                    if token == self.end:
                        if rank < size:
                            finished[number].append((cut[place] and cut[place][row], penalise(value, length, penalty),
                                                     targets[row]))
                    elif len(next_targets) < size:
                        next_targets.append(targets[row] + [token])
                        next_rows.append(place * width + row)
                        next_sums.append(value)
                # What was cut comes behind what has ended by itself.
                finished[number].sort(key=lambda one: (one[0], -one[1]))
                done = not next_targets or len(finished[number]) >= size or (
                    finished[number] and finished[number][0][1] >= penalise(next_sums[0], longest + 1, penalty))
                if not done:
                    still.append((number, next_targets))
                    rows += next_rows
                    said += [target[-1] for target in next_targets]
                    sums_left.append(next_sums)
                    sources_left.append(number)
            has_changed = width != size or len(still) != len(growing)
            growing = still
            if not growing:
                break
            rows, tokens, sums = torch.tensor(rows), torch.tensor(said), torch.tensor(sums_left)
            decoding.go_on_from(rows)
            if has_changed:
                decoding.keep_sources(rows)
        return [candidates[0][2] for candidates in finished]

    def leave_ends(self, scores):
        """Of hypotheses that may not grow, scores [r, vocabularySize] of nothing but the end stay -> which are cut"""
        cut, ends = scores.argmax(1) != self.end, scores[:, self.end].clone()
        scores.fill_(-math.inf)
        scores[:, self.end] = ends
        return cut.tolist()

    def log_probabilities(self, source, target):
        """Of every token of a target [t] that is given, and of its end -> [t + 1, vocabularySize]"""
        logits = self.twin.logits(torch.tensor([source]), torch.tensor([[self.start, *target]]))[0]
        return logits.log_softmax(1) + self.barred
