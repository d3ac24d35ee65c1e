"""Cards of the layers that bring values to mean 0 and variance 1; over what they average tells them apart."""

from __future__ import annotations

from nnwhy.facts.card import Card
from nnwhy.layers.writing import mirror, module, paper

IOFFE = paper(
    "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift",
    "Ioffe, Szegedy",
    2015,
    "1502.03167",
)
INSTANCE = paper(
    "Instance Normalization: The Missing Ingredient for Fast Stylization",
    "Ulyanov, Vedaldi, Lempitsky",
    2016,
    "1607.08022",
)

NEIGHBOURS = """
| layer | mean and variance over | uses the batch | train and eval differ | use it |
|---|---|---|---|---|
| BatchNorm | all samples and positions, for each channel | yes | yes | convolutional networks, batches of 16 and more |
| SyncBatchNorm | as BatchNorm, over all processes | yes | yes | small batches on many GPUs |
| LayerNorm | the last axes of each position | no | no | transformers, recurrent networks |
| RMSNorm | as LayerNorm, without taking the mean off | no | no | large language models: cheaper, as good |
| GroupNorm | the positions of a group of channels, for each sample | no | no | convolutional networks with small batches; diffusion models |
| InstanceNorm | the positions of one channel, for each sample | no | no, by default | style transfer, where contrast does not matter |
| LocalResponseNorm | neighbouring channels at each position | no | no | old networks such as AlexNet |
"""

AXES = {1: "(N, C) or (N, C, L)", 2: "(N, C, H, W)", 3: "(N, C, D, H, W)"}
INSTANCE_AXES = {1: "(N, C, L)", 2: "(N, C, H, W)", 3: "(N, C, D, H, W)"}

EPS = "eps = 1e-05 | added to the variance, so that nothing is divided by zero | safer for nearly constant values, less exact"
BIAS = "bias = True | whether the learned shift is there at all, where the learned scale is"
LAZY = (
    "In a Lazy layer `num_features` is found at the first call: run one batch before the optimiser is made."
)
INITIALISATION = "Scale 1, shift 0: at first it only normalises. Running mean 0, running variance 1."


def batch_norm(name: str, axes: str, shape: str, *, lazy: bool = False, process_group: bool = False) -> Card:
    """The card of a batch normalisation."""
    features = "num_features | number of channels: the size of axis 1"
    group = "process_group = None | the processes that share their statistics; None means all"
    sync = """ Mean and variance are taken over the batches of all processes, which exchange them at each call; without a process group, in
        evaluation, or with one process, it is plain batch normalisation."""
    return module(
        name,
        "normalization",
        sentence="Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it by learned numbers.",
        here=("each channel" if lazy else "each of {num_features} channels")
        + " to mean 0, variance 1 over the batch{affine:if|, then rescaled}",
        data=f"""{axes}, kept. For each channel the mean and variance over all samples and positions are taken; each value becomes
            (x − mean)/√(variance + eps) · weight + bias, with a weight and bias for each channel. Channels are kept apart; samples are
            mixed: in training each sample's output depends on the others of its batch.{sync if process_group else ""}""",
        why=f"""While a network learns, the scale of each layer's values drifts, and the next layer has to follow. With a fixed scale higher learning rates
            work, training is faster and depends less on the initial weights (Ioffe, Szegedy 2015); the noise of the batch regularises a little.
            {LAZY if lazy else ""}""",
        arguments=f"""
            {"" if lazy else features}
            {EPS}
            momentum = 0.1 | weight of the newest batch in the running statistics; None means a plain average of all batches | the running statistics follow faster and are noisier
            affine = True | whether each channel has a learned scale and shift
            track_running_stats = True | whether running statistics are kept for evaluation; without them evaluation uses the batch too
            {group if process_group else ""}
            {BIAS}
        """,
        shape=shape,
        shape_note="the input's shape",
        modes="""In training, the batch's own mean and variance (divided by n), while running ones are updated (variance there divided by n − 1). In
            evaluation, the running ones, so that a sample's output no longer depends on its batch.""",
        initialisation=INITIALISATION,
        parameters="2 · num_features if affine, and 2 · num_features + 1 buffers that are not trained",
        multiply_adds="about 2 for each value",
        pitfalls="""
            num_features must be the number of channels, the size of axis 1 | norm-features
            With one value per channel, as with a batch of one on (N, C), training raises an error; with few samples the statistics are noise | norm-batch-of-one
            Forgetting `eval()` makes predictions depend on what else is in the batch, and changes the running statistics
            Dropout just before it shifts the variance between training and evaluation | dropout-before-batchnorm
            momentum is the weight of the new value here; elsewhere it is often that of the old one
            The bias of a linear or convolution before it has no effect: bias=False there | bias-before-norm
        """,
        neighbours=NEIGHBOURS,
        references=(IOFFE,),
        reference="normalization.batch_norm",
    )


def instance_norm(dimensions: int, *, lazy: bool = False) -> Card:
    """The card of an instance normalisation."""
    features = "num_features | number of channels"
    return module(
        f"{'Lazy' if lazy else ''}InstanceNorm{dimensions}d",
        "normalization",
        sentence="Brings each channel of each sample to mean 0 and variance 1 over its own positions.",
        here=("each channel" if lazy else "each of {num_features} channels")
        + " of each sample to mean 0, variance 1{affine:if|, then rescaled}",
        data=f"""{INSTANCE_AXES[dimensions]}, kept. For each sample and channel the mean and variance over its positions are taken, and each value
            becomes (x − mean)/√(variance + eps), with a learned scale and shift for each channel if affine. Samples and channels are kept apart.""",
        why=f"""It removes each image's own brightness and contrast from every feature, which is what the style of an image mostly is: so it serves
            style transfer and image generation. For classification that is often a loss. {LAZY if lazy else ""}""",
        arguments=f"""
            {"" if lazy else features}
            {EPS}
            momentum = 0.1 | weight of the newest batch in the running statistics, where these are kept | faster, noisier
            affine = {lazy} | whether each channel has a learned scale and shift
            track_running_stats = {lazy} | whether running statistics are kept and used in evaluation
            {BIAS}
        """,
        shape="instance_norm",
        shape_note="the input's shape",
        modes="The same, unless track_running_stats: then evaluation uses the running statistics.",
        initialisation="Scale 1, shift 0, where there are any.",
        parameters="0; 2 · num_features if affine",
        multiply_adds="about 2 for each value",
        pitfalls="""
            With affine=False num_features is not needed; a wrong one is only warned about | norm-features
            Maps of one position have no variance: an error in training | norm-batch-of-one
            """
        + (
            "InstanceNorm1d reads a flat (N, C) batch as one sample of N channels\n"
            if dimensions == 1
            else ""
        )
        + """
        """
        + (
            """The Lazy layers have affine=True and track_running_stats=True by default, the others False"""
            if lazy
            else ""
        ),
        neighbours=NEIGHBOURS,
        references=(INSTANCE,),
        reference="normalization.instance_norm",
    )


BATCH_NORMS = tuple(batch_norm(f"BatchNorm{d}d", axes, "batch_norm") for d, axes in AXES.items())
LAZY_BATCH_NORMS = tuple(
    batch_norm(f"LazyBatchNorm{d}d", axes, "batch_norm", lazy=True) for d, axes in AXES.items()
)
SYNC_BATCH_NORM = batch_norm("SyncBatchNorm", "(N, C, …)", "batch_norm", process_group=True)
INSTANCE_NORMS = tuple(instance_norm(d) for d in INSTANCE_AXES)
LAZY_INSTANCE_NORMS = tuple(instance_norm(d, lazy=True) for d in INSTANCE_AXES)

F_BATCH_NORM = mirror(
    "torch.nn.functional.batch_norm",
    BATCH_NORMS[1],
    here="each channel to mean 0, variance 1, by {training:if|the batch's }{training:unless True|the given }statistics",
    arguments=f"""
        input | (N, C, …)
        running_mean | one for each channel, or None
        running_var | one for each channel, or None
        weight = None | scale of each channel
        bias = None | shift of each channel
        training = False | whether the batch's own statistics are used, and the running ones updated
        momentum = 0.1 | weight of the newest batch in the running statistics | faster, noisier
        {EPS}
    """,
    modes="By `training`, which is False unless told.",
    pitfalls="Its default is training=False, so give `self.training`",
)
F_INSTANCE_NORM = mirror(
    "torch.nn.functional.instance_norm",
    INSTANCE_NORMS[1],
    here="each channel of each sample to mean 0, variance 1",
    arguments=f"""
        input | (N, C, …)
        running_mean = None | one for each channel
        running_var = None | one for each channel
        weight = None | scale of each channel
        bias = None | shift of each channel
        use_input_stats = True | whether each sample's own statistics are used
        momentum = 0.1 | weight of the newest batch in the running statistics | faster, noisier
        {EPS}
    """,
    pitfalls="Maps of one position have no variance: an error | norm-batch-of-one",
)
