// Reads the sources for the house's own tests: every file with its room, imports, and functions. Needs only the TypeScript parser.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface SourceFile {
  /** From the root of the repository: `src/mail/reply.ts`. */
  readonly path: string;
  /** First folder below src/, or the file's name for what lies in src/ itself. */
  readonly room: string;
  readonly text: string;
  /** Code without comments; strings are kept. */
  readonly code: string;
  readonly lines: number;
  /** Statements of the file itself that are neither declarations nor imports: what happens when it is imported. */
  readonly statements: readonly string[];
  /** Specifiers of import, export ... from, import() and require. */
  readonly imports: readonly string[];
  readonly functions: readonly SourceFunction[];
}

/** Every .ts file below a folder of the repository, in order of path. */
export function sourceFiles(folder: string): readonly SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => posix.relative(ROOT, join(entry.parentPath, entry.name)))
    .sort()
    .map(readSource);
}

/** The room that a relative import leads to, or null for a package or a module of Node. */
export function roomOfImport(file: SourceFile, specifier: string): string | null {
  if (!specifier.startsWith('.')) return null;
  return roomOf(posix.normalize(posix.join(posix.dirname(file.path), specifier)));
}

/** Name of the package of an import, or null for a file of ours or a module of Node. */
export function packageOfImport(specifier: string): string | null {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return null;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const parsed = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: string[] = [];
  const functions: SourceFunction[] = [];
  const visit = (node: ts.Node): void => {
    const specifier = specifierOf(node);
    if (specifier !== null) imports.push(specifier);
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) functions.push(describe(parsed, node));
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  const statements = parsed.statements.filter(acts).map((statement) => statement.getText(parsed).split('\n', 1).join(''));
  return {
    path,
    room: roomOf(path),
    text,
    code: withoutComments(text, parsed),
    lines: text.split('\n').length - 1,
    imports,
    functions,
    statements,
  };
}

/** Does a statement do something at import, or make something that can change later? */
function acts(statement: ts.Statement): boolean {
  if (ts.isVariableStatement(statement)) {
    const fixed = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
    return (
      !fixed || statement.declarationList.declarations.some((one) => one.initializer !== undefined && isEmptyContainer(one.initializer))
    );
  }
  const declares =
    ts.isImportDeclaration(statement) ||
    ts.isExportDeclaration(statement) ||
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement);
  return !declares;
}

function isEmptyContainer(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (!ts.isNewExpression(node)) return false;
  return /^(?:Weak)?(?:Map|Set)$/.test(node.expression.getText()) && (node.arguments ?? []).length === 0;
}

function specifierOf(node: ts.Node): string | null {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier !== undefined)
    return literal(node.moduleSpecifier);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal);
  if (!ts.isCallExpression(node)) return null;
  const called =
    node.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(node.expression) && node.expression.text === 'require');
  const [argument] = node.arguments;
  if (!called || argument === undefined) return null;
  return literal(argument);
}

/** A specifier that is worked out at run time counts as the empty one, which no test lets through. */
function literal(node: ts.Node): string {
  return ts.isStringLiteralLike(node) ? node.text : '';
}

function describe(file: ts.SourceFile, node: ts.SignatureDeclaration): SourceFunction {
  const first = file.getLineAndCharacterOfPosition(node.getStart(file)).line;
  const last = file.getLineAndCharacterOfPosition(node.getEnd()).line;
  const owner = node.parent;
  const named = node.name ?? (ts.isVariableDeclaration(owner) || ts.isPropertyAssignment(owner) ? owner.name : undefined);
  return { name: named?.getText(file) ?? 'function', line: first + 1, lines: last - first + 1 };
}

function roomOf(path: string): string {
  const [, room = ''] = path.split('/');
  return room;
}

function withoutComments(text: string, parsed: ts.SourceFile): string {
  const comments: ts.CommentRange[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isToken(node)) {
      comments.push(...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []));
      comments.push(...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []));
    }
    for (const child of node.getChildren(parsed)) visit(child);
  };
  visit(parsed);
  const pieces: string[] = [];
  let from = 0;
  for (const comment of comments.sort((a, b) => a.pos - b.pos)) {
    if (comment.pos < from) continue;
    pieces.push(text.slice(from, comment.pos), text.slice(comment.pos, comment.end).replace(/[^\n]/g, ' '));
    from = comment.end;
  }
  return [...pieces, text.slice(from)].join('');
}
