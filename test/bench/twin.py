"""Polyhead's Transformer in PyTorch: an outside opinion on its numbers.

Written from "Attention Is All You Need" for any configuration of models/transformer/config.ts. Parameters are a
dictionary under our names; weights are [in, out]. Letters: b batch, s source length, t target length, d dModel.
twinTrain.py trains it, twinDecode.py translates with it.
"""
import math

import torch
import torch.nn.functional as F

ACTIVATIONS = {'relu': F.relu, 'gelu': F.gelu, 'swish': F.silu}


def parameter_shapes(config):
    """Every parameter's name and shape."""
    d, keys, values = config['dModel'], config['heads'] * config['dKey'], config['heads'] * config['dValue']
    shapes = {'embedding.weight': (config['vocabularySize'], d)}

    def linear(name, width_in, width_out):
        shapes[f'{name}.weight'], shapes[f'{name}.bias'] = (width_in, width_out), (width_out,)

    def norm(name):
        shapes[f'{name}.weight'], shapes[f'{name}.bias'] = (d,), (d,)

    def attention(name):
        linear(f'{name}.query', d, keys)
        linear(f'{name}.key', d, keys)
        linear(f'{name}.value', d, values)
        linear(f'{name}.output', values, d)

    for stack, sublayers in STACKS.items():
        for layer in range(config[f'{stack}Layers']):
            for sublayer in sublayers:
                name = f'{stack}.layers.{layer}.{sublayer}'
                norm(f'{name}Norm')
                if sublayer == 'feedForward':
                    linear(f'{name}.inner', d, config['dFf'])
                    linear(f'{name}.outer', config['dFf'], d)
                else:
                    attention(name)
        if config['normalisation'] == 'pre':
            norm(f'{stack}.norm')
        if config['positions'] == 'learned':
            shapes[f'{stack}.positions.weight'] = (config['maximumPositions'], d)
    if config['outputBias']:
        shapes['output.bias'] = (config['vocabularySize'],)
    return shapes


STACKS = {
    'encoder': ('selfAttention', 'feedForward'),
    'decoder': ('selfAttention', 'crossAttention', 'feedForward'),
}


NO_DROPOUT = {'residual': 0, 'attention': 0, 'feedForward': 0}


def drawn_together(both, labels, label_smoothing, r_drop):
    """Half of Equation 4 of Liang et al. 2021 (R-Drop), a sum in nats.

    both: logits [2n, vocabularySize], all of one pass before all of the other; labels: [2n], the same n twice.
    """
    smoothed = F.cross_entropy(both, labels, label_smoothing=label_smoothing, reduction='sum')
    first, second = F.log_softmax(both, -1).chunk(2)
    apart = sum(F.kl_div(a, b, reduction='sum', log_target=True) for a, b in ((first, second), (second, first)))
    return (smoothed + r_drop * apart / 2) / 2


class Twin:
    def __init__(self, config, parameters, dropout=NO_DROPOUT):
        """dropout: rates by site (5.4), at work whenever they are above 0."""
        self.config = config
        self.parameters = parameters
        self.dropout_rates = dropout

    def dropout(self, site, x):
        rate = self.dropout_rates[site]
        return F.dropout(x, rate) if rate > 0 else x

    def linear(self, name, x):
        return x @ self.parameters[f'{name}.weight'] + self.parameters[f'{name}.bias']

    def norm(self, name, x):
        weight, bias = self.parameters[f'{name}.weight'], self.parameters[f'{name}.bias']
        return F.layer_norm(x, weight.shape, weight, bias, self.config['normEpsilon'])

    def heads(self, x):
        """[b, length, heads * width] -> [b, heads, length, width]"""
        return x.unflatten(-1, (self.config['heads'], -1)).transpose(1, 2)

    def memory(self, name, x):
        """What attention over x looks at: keys and values, each [b, heads, k, width]."""
        return tuple(self.heads(self.linear(f'{name}.{part}', x)) for part in ('key', 'value'))

    def attention(self, name, x, memory, visible):
        """Multi-head attention (3.2.2) of x over keys and values.

        visible: bool, broadcasts to [b, heads, q, k]; None where all of them are.
        """
        query = self.heads(self.linear(f'{name}.query', x))
        key, value = memory
        scores = query @ key.transpose(-2, -1) / math.sqrt(self.config['dKey'])
        if visible is not None:
            scores = scores.masked_fill(~visible, -math.inf)
        weights = self.dropout('attention', scores.softmax(-1))
        return self.linear(f'{name}.output', (weights @ value).transpose(1, 2).flatten(2))

    def feed_forward(self, name, x):
        inner = ACTIVATIONS[self.config['activation']](self.linear(f'{name}.inner', x))
        return self.linear(f'{name}.outer', self.dropout('feedForward', inner))

    def residual(self, name, x, sublayer):
        if self.config['normalisation'] == 'pre':
            return x + self.dropout('residual', sublayer(self.norm(name, x)))
        return self.norm(name, x + self.dropout('residual', sublayer(x)))

    def positions(self, stack, length, like):
        """3.5: sine and cosine of pos / 10000^(2i / d), or what was learned (Table 3, row E); [length, d].

        Beyond the last position that was learned, all share it.
        """
        d = self.config['dModel']
        if self.config['positions'] == 'learned':
            learned = self.parameters[f'{stack}.positions.weight'][:length]
            return torch.cat((learned, learned[-1:].expand(length - len(learned), -1)))
        position = torch.arange(length, dtype=like.dtype, device=like.device)[:, None]
        angle = position / 10000 ** (torch.arange(0, d, 2, dtype=like.dtype, device=like.device) / d)
        if self.config['positions'] == 'halves':
            return torch.cat((angle.sin(), angle.cos()), 1)
        encoding = torch.empty(length, d, dtype=like.dtype, device=like.device)
        encoding[:, 0::2], encoding[:, 1::2] = angle.sin(), angle.cos()
        return encoding

    def rows(self, ids):
        """Of the embedding matrix, as the stacks see them: [..., d]"""
        rows = self.parameters['embedding.weight'][ids]
        return rows * math.sqrt(self.config['dModel']) if self.config['scaleEmbeddings'] else rows

    def embed(self, stack, ids):
        rows = self.rows(ids)
        return self.dropout('residual', rows + self.positions(stack, ids.shape[1], rows))

    def stack(self, name, x, sublayers):
        for layer in range(self.config[f'{name}Layers']):
            for sublayer, apply in sublayers.items():
                at = f'{name}.layers.{layer}.{sublayer}'
                x = self.residual(f'{at}Norm', x, lambda y: apply(at, y))
        return self.norm(f'{name}.norm', x) if self.config['normalisation'] == 'pre' else x

    def encode(self, source):
        """source [b, s] -> states [b, s, d]"""
        visible = (source != self.config['paddingToken'])[:, None, None, :]
        return self.stack('encoder', self.embed('encoder', source), {
            'selfAttention': lambda at, x: self.attention(at, x, self.memory(at, x), visible),
            'feedForward': self.feed_forward,
        })

    def decode(self, target, encoded, source):
        """target [b, t], the start token first; encoded [b, s, d]; source [b, s] -> states [b, t, d]"""
        length = target.shape[1]
        past = torch.ones(length, length, dtype=torch.bool, device=target.device).tril()
        not_padding = (source != self.config['paddingToken'])[:, None, None, :]
        return self.stack('decoder', self.embed('decoder', target), {
            'selfAttention': lambda at, x: self.attention(at, x, self.memory(at, x), past),
            'crossAttention': lambda at, x: self.attention(at, x, self.memory(at, encoded), not_padding),
            'feedForward': self.feed_forward,
        })

    def states(self, source, target):
        """What the projection sees, [b, t, d]."""
        return self.decode(target, self.encode(source), source)

    def project(self, states):
        """[..., d] -> [..., vocabularySize]"""
        logits = states @ self.parameters['embedding.weight'].T
        return logits + self.parameters['output.bias'] if self.config['outputBias'] else logits

    def logits(self, source, target):
        """[b, t, vocabularySize]"""
        return self.project(self.states(source, target))

    def loss(self, source, target, labels, label_smoothing, rows=None, likelihood=True):
        """Sums over the labels [b, t] that are not padding, in nats: smoothed loss, negative log likelihood.

        rows: the places in the flattened [b * t] that are no padding: only those are projected. All are without it.
        likelihood: False saves the time for the second sum, which is None then.
        """
        states, labels = self.states(source, target).flatten(0, 1), labels.flatten()
        if rows is not None:
            states, labels = states[rows], labels[rows]
        logits = self.project(states)
        options = {'ignore_index': self.config['paddingToken'], 'reduction': 'sum'}
        smoothed = F.cross_entropy(logits, labels, label_smoothing=label_smoothing, **options)
        if not likelihood:
            return smoothed, None
        with torch.no_grad():
            return smoothed, F.cross_entropy(logits, labels, **options)

    def loss_of_two(self, source, target, labels, label_smoothing, r_drop, rows=None, likelihood=True):
        """As `loss`, of two passes with other units dropped (R-Drop)."""
        states = self.states(source.repeat(2, 1), target.repeat(2, 1)).flatten(0, 1)
        labels = labels.flatten()
        if rows is None:
            rows = torch.nonzero(labels != self.config['paddingToken']).flatten()
        both = self.project(states[torch.cat([rows, rows + len(labels)])])
        labels = labels[rows].repeat(2)
        loss = drawn_together(both, labels, label_smoothing, r_drop)
        if not likelihood:
            return loss, None
        with torch.no_grad():
            return loss, F.cross_entropy(both, labels, reduction='sum') / 2
