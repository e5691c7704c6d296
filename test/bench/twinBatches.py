"""The encoded corpus of a run and the plan of its epochs: the very batches that models/data/batches.ts cuts.

What is random must come out as in models/data/random.ts, to the last pair; hence the arithmetic in 32 bits. No PyTorch
here, so that another process can plan an epoch without loading it.
"""
import json
import math
import os
from array import array

PADDING, START, END = 0, 1, 2
# A batch whose padding would grow above this share ends early, if it has used this share of its budget.
LEAST_FILLED, LEAST_USED = 0.9, 0.7
MASK = 0xffffffff


def random_words(*key):
    """A generator of whole numbers below 2^32 (sfc32), started from the key's parts."""
    state = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 1]

    def draw():
        a, b, c, counter = state
        result = (a + b + counter) & MASK
        state[0] = b ^ (b >> 9)
        state[1] = (c + (c << 3)) & MASK
        state[2] = (((c << 21) | (c >> 11)) + result) & MASK
        state[3] = (counter + 1) & MASK
        return result

    for part in key:
        state[0] ^= part & MASK
        state[1] ^= (part >> 32) & MASK
        for _ in range(12):
            draw()
    return draw


def shuffle(items, draw):
    """In place (Fisher and Yates); the products are those of float64, as in JavaScript."""
    for last in range(len(items) - 1, 0, -1):
        other = int(draw() / 4294967296 * (last + 1))
        items[last], items[other] = items[other], items[last]


class Store:
    """A part of the encoded corpus, `training` or `validation`, in memory."""

    def __init__(self, folder, part):
        with open(os.path.join(folder, 'corpus.json'), encoding='utf-8') as file:
            self.header = json.load(file)['header']
        header = self.header[part]
        self.size = header['pairs']
        lengths = read_array('H', os.path.join(folder, f'{part}.lengths'))
        if len(lengths) != 2 * self.size:
            raise SystemExit(f'{folder}: {part}.lengths does not hold the {self.size} pairs that corpus.json names.')
        self.source_lengths, self.target_lengths = lengths[0::2], lengths[1::2]
        self.starts, start = array('Q'), 0
        for source, target in zip(self.source_lengths, self.target_lengths):
            self.starts.append(start)
            start += source + target
        kind = 'H' if header['bytesPerToken'] == 2 else 'I'
        self.tokens = read_array(kind, os.path.join(folder, f'{part}.tokens'))
        if len(self.tokens) != start:
            raise SystemExit(f'{folder}: {part}.tokens does not hold the {start} tokens that its lengths name.')

    def parts(self, weights):
        """(pairs, weight) of each corpus."""
        return [(pairs, weights[index] if index < len(weights) else 1)
                for index, pairs in enumerate(self.header['parts'])]

    def batch(self, pairs):
        """Lists of rows, each padded: source [b, s], target [b, t], labels [b, t]; and where labels are no padding."""
        s = max(self.source_lengths[pair] for pair in pairs) + 1
        t = max(self.target_lengths[pair] for pair in pairs) + 1
        source, target, labels, rows = [], [], [], []
        for index, pair in enumerate(pairs):
            start = self.starts[pair]
            middle = start + self.source_lengths[pair]
            ids = self.tokens[start:middle].tolist()
            source.append(ids + [END] + [PADDING] * (s - 1 - len(ids)))
            ids = self.tokens[middle:middle + self.target_lengths[pair]].tolist()
            rest = [PADDING] * (t - 1 - len(ids))
            target.append([START] + ids + rest)
            labels.append(ids + [END] + rest)
            rows.extend(range(index * t, index * t + len(ids) + 1))
        return source, target, labels, rows


def read_array(kind, file):
    values = array(kind)
    with open(file, 'rb') as opened:
        values.frombytes(opened.read())
    return values


def plan_epoch(store, parts, tokens, seed, epoch):
    """The batches of an epoch as arrays of pair numbers. parts: (pairs, weight) of each corpus."""
    draw = random_words(seed, epoch)
    drawn = draw_pairs(parts, draw)
    shuffle(drawn, draw)
    batches = cut(sort_by_length(drawn, store), store, tokens)
    places = list(range(len(batches)))
    shuffle(places, draw)
    return [batches[place] for place in places]


def draw_pairs(parts, draw):
    drawn, first = array('I'), 0
    for pairs, weight in parts:
        everyone = array('I', range(first, first + pairs))
        for _ in range(math.floor(weight)):
            drawn.extend(everyone)
        rest = math.floor(weight % 1 * pairs + 0.5)
        if rest > 0:
            some = everyone[:]
            shuffle(some, draw)
            drawn.extend(some[:rest])
        first += pairs
    return drawn


def sort_by_length(order, store):
    """By the longer side, then by the difference, rising and falling in turn. Stable."""
    source, target = store.source_lengths, store.target_lengths
    longest = max(max(source[pair], target[pair]) for pair in order)
    span = 2 * longest + 1

    def key(pair):
        a, b = source[pair], target[pair]
        longer = a if a > b else b
        return longer * span + longest + (a - b if longer % 2 == 0 else b - a)

    return array('I', sorted(order, key=key))


def cut(order, store, tokens):
    batches, first = [], 0
    source_length = target_length = filled = 0
    for index, pair in enumerate(order):
        source, target = store.source_lengths[pair] + 1, store.target_lengths[pair] + 1
        size = index - first
        wider, longer = max(source, source_length), max(target, target_length)
        if size > 0:
            share = filled / (size * (source_length + target_length))
            new_share = (filled + source + target) / ((size + 1) * (wider + longer))
            is_full = max(wider, longer) * (size + 1) > tokens
            is_better_cut = (new_share < LEAST_FILLED and new_share < share
                             and max(source_length, target_length) * size >= LEAST_USED * tokens)
            if is_full or is_better_cut:
                batches.append(order[first:index])
                first, source_length, target_length, filled = index, source, target, source + target
                continue
        source_length, target_length, filled = wider, longer, filled + source + target
    if first < len(order):
        batches.append(order[first:])
    return batches


def plan_of_run(folder, weights, tokens, seed, epoch):
    """As plan_epoch, from the files alone: for another process."""
    store = Store(folder, 'training')
    return plan_epoch(store, store.parts(weights), tokens, seed, epoch)
