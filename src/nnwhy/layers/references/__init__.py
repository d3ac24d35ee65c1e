"""The layers' arithmetic in NumPy, in as few readable lines as can be: one file a family, each function equal to torch's layer.

Arguments are the inputs, then the weights, then the layer's own arguments by torch's names with torch's defaults.
Images and the like are batched: (N, C, …). Imports numpy; nothing outside this folder imports it until a reference is called.
"""
