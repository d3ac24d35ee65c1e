"""The styles of what a notebook shows. Every rule is below one class, so that nothing else on the page changes
(the class is named twice to win over the notebook's own rules for tables);
colours come from the notebook's own theme, light or dark, by `currentColor`."""

STYLE = """
.nnwhy-out.nnwhy-out{font:14px/1.5 system-ui,sans-serif;max-width:70em;color:inherit;overflow-x:auto}
.nnwhy-out.nnwhy-out h3{font-size:1.1em;margin:.9em 0 .3em}
.nnwhy-out.nnwhy-out h4{font-size:1em;margin:.9em 0 .3em;font-weight:600}
.nnwhy-out.nnwhy-out p{margin:.25em 0}
.nnwhy-out.nnwhy-out pre,.nnwhy-out.nnwhy-out code{font:13px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:none;color:inherit;padding:0}
.nnwhy-out.nnwhy-out details,.nnwhy-out.nnwhy-out .nnwhy-leaf{margin:.1em 0 .1em 1.3em}
.nnwhy-out.nnwhy-out .nnwhy-leaf{padding-left:1.05em}
.nnwhy-out.nnwhy-out summary{cursor:pointer;margin-left:0}
.nnwhy-out.nnwhy-out .nnwhy-reason{margin-left:1.2em;opacity:.85}
.nnwhy-out.nnwhy-out .nnwhy-place{margin-left:1.2em;opacity:.6;font-size:.9em;font-weight:400}
.nnwhy-out.nnwhy-out .nnwhy-closed{margin:.4em 0 0 1.3em;font-style:italic}
.nnwhy-out.nnwhy-out .nnwhy-dim{opacity:.65;font-size:.9em}
.nnwhy-out.nnwhy-out .nnwhy-note{border-left:3px solid #d62839;padding-left:.7em}
.nnwhy-out.nnwhy-out tr{background:none}
.nnwhy-out.nnwhy-out table{border-collapse:collapse;margin:.4em 0;border:0;font-size:.95em}
.nnwhy-out.nnwhy-out th,.nnwhy-out.nnwhy-out td{text-align:left;vertical-align:top;padding:.15em .9em .15em .3em;border:0;border-bottom:1px solid color-mix(in srgb,currentColor 18%,transparent);background:none}
.nnwhy-out.nnwhy-out .nnwhy-numbers td,.nnwhy-out.nnwhy-out .nnwhy-numbers thead th{text-align:right;font-variant-numeric:tabular-nums}
.nnwhy-out.nnwhy-out .nnwhy-numbers tbody th{font-weight:400}
.nnwhy-out.nnwhy-out .nnwhy-tiles{display:flex;flex-wrap:wrap;gap:10px}
.nnwhy-out.nnwhy-out .nnwhy-tile{margin:0}
.nnwhy-out.nnwhy-out .nnwhy-tile img{display:block;image-rendering:pixelated;border:1px solid color-mix(in srgb,currentColor 30%,transparent);max-width:100%;box-sizing:content-box}
.nnwhy-out.nnwhy-out .nnwhy-tile figcaption{font-size:.85em;opacity:.8}
.nnwhy-out.nnwhy-out .nnwhy-marked img{border-color:#d62839;outline:1px solid #d62839}
.nnwhy-out.nnwhy-out .nnwhy-marked figcaption{color:#d62839;opacity:1}
.nnwhy-out.nnwhy-out svg{max-width:100%;height:auto;display:block}
.nnwhy-out.nnwhy-out svg text{fill:currentColor;font:12px system-ui,sans-serif}
.nnwhy-out.nnwhy-out svg .nnwhy-axis{fill:none;stroke:currentColor;stroke-opacity:.5}
"""
