// Paragraphs of format=flowed (RFC 3676) as their reader sees them: lines that end with a space go on in the next of the same depth.

/** @param breaks what a soft line break leaves behind: its space, or nothing (`DelSp=yes`) */
export function unflow(text: string, breaks: 'space' | 'nothing'): string {
  const out: string[] = [];
  let paragraph: string[] = [];
  let depth = 0;
  const end = (): void => {
    if (paragraph.length > 0) out.push(quoted(depth, paragraph.join('')));
    paragraph = [];
  };
  for (const line of text.split(/\r?\n/)) {
    const marks = /^>*/.exec(line)?.[0].length ?? 0;
    const rest = line.slice(line[marks] === ' ' ? marks + 1 : marks);
    if (marks !== depth) end();
    depth = marks;
    // The line above a signature is no soft break.
    const isSignature = rest === '-- ';
    if (isSignature) end();
    const soft = !isSignature && rest.endsWith(' ');
    paragraph.push(soft && breaks === 'nothing' ? rest.slice(0, -1) : rest);
    if (!soft) end();
  }
  end();
  return out.join('\n');
}

function quoted(depth: number, text: string): string {
  return depth === 0 ? text : `${'>'.repeat(depth)} ${text}`;
}
