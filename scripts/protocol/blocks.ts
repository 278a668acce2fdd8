/** One fenced block of a document. */
export interface Block {
  /** `http`, `http response`, `http browser`, `live`, `js`, `text`. */
  readonly kind: string;
  readonly text: string;
  /** Line of the document on which its content begins. */
  readonly line: number;
}

/** All fenced blocks of a Markdown text, in order. */
export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: { kind: string; line: number; lines: string[] } | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    const fence = /^```(.*)$/.exec(line);
    if (!fence) open?.lines.push(line);
    else if (open) {
      blocks.push({ kind: open.kind, line: open.line, text: open.lines.join('\n') });
      open = null;
    } else open = { kind: (fence[1] ?? '').trim(), line: index + 2, lines: [] };
  }
  if (open) throw new Error(`line ${open.line}: the block does not end`);
  return blocks;
}

/** A request or an answer as it is written down: a first line, headers, an empty line, a body. */
export interface Written {
  readonly first: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function readWritten(text: string): Written {
  const end = text.search(/\n\s*\n/);
  const head = (end < 0 ? text : text.slice(0, end)).split('\n');
  const [first = '', ...lines] = head;
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    if (at < 1) throw new Error(`not a header: ${line}`);
    headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim();
  }
  return { first: first.trim(), headers, body: end < 0 ? '' : text.slice(end).trim() };
}
