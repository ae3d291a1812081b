/**
 * CSV text to a table and back (RFC 4180): a header line, commas (or semicolons or tabs: decided by looking at the
 * header), double quotes, any line ending, with or without a byte order mark. Blank lines are skipped, blanks around an
 * unquoted value dropped.
 *
 * The grammar is csv-parse's; what is ours is the table's promise: unique names, no ragged row, at least one row.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { DataError, wrongType } from '../errors.js';
import type { Table } from './table.js';

/** What may stand between values. The first wins where two are as frequent in the header, and where none is in it. */
const SEPARATORS = { comma: ',', semicolon: ';', tab: '\t' } as const;
type Separator = keyof typeof SEPARATORS;

/**
 * @param content UTF-8 bytes or text
 * @param name what the content is called in messages
 * @throws DataError with the line, and the column where there is one, for: no UTF-8, nothing in it, a header without rows,
 *   an unnamed or repeated column, a row with too few or too many values, a quote that does not close
 */
export function readCsv(content: Uint8Array | string, name = 'csv'): Table {
  const { records, lines } = parseRecords(decode(content, name), name);
  const header = records.shift();
  if (!header) throw new DataError(`${name}: expected a header line and rows, found an empty file`);
  checkHeader(header, name);
  if (records.length === 0) throw new DataError(`${name}: expected rows after the header, found none`);
  const columns = header.map((title, i) => ({ name: title, values: records.map((record) => record[i]!) }));
  return { columns, rows: records.length, lines: Uint32Array.from(lines.slice(1)) };
}

/** The table as CSV with commas and LF line endings, quoted where needed. Reading it back gives the same names and values. */
export function writeCsv(table: Table): string {
  if (!Array.isArray(table?.columns)) throw wrongType('table', 'a table with columns', table);
  const lines = [table.columns.map((column) => quoted(column.name, MISLEADING_IN_HEADER)).join(',')];
  for (let row = 0; row < table.rows; row++)
    lines.push(table.columns.map((column) => quoted(column.values[row]!, MISLEADING)).join(','));
  return `${lines.join('\n')}\n`;
}

function decode(content: Uint8Array | string, name: string): string {
  if (typeof content !== 'string' && !(content instanceof Uint8Array))
    throw wrongType('content', 'a string or a Uint8Array', content);
  if (typeof content === 'string') return content.startsWith('\uFEFF') ? content.slice(1) : content;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    throw new DataError(`${name}: expected UTF-8 text, found bytes that are none`);
  }
}

/** The separator that is most frequent in the header line, outside quotes. */
function separatorOf(text: string): Separator {
  const counts: Record<string, number> = { ',': 0, ';': 0, '\t': 0 };
  let inQuotes = false;
  let isBlank = true;
  for (const character of text) {
    if (character === '"') inQuotes = !inQuotes;
    else if (inQuotes) continue;
    else if (character === '\n' || character === '\r') {
      if (!isBlank) break;
    } else if (character in counts) counts[character]!++;
    isBlank &&= character.trim() === '';
  }
  const names = Object.keys(SEPARATORS) as Separator[];
  return names.reduce((best, name) => (counts[SEPARATORS[name]]! > counts[SEPARATORS[best]]! ? name : best));
}

function parseRecords(text: string, name: string): { records: string[][]; lines: number[] } {
  const separator = separatorOf(text);
  const lines: number[] = [];
  try {
    const records = parse(text, {
      delimiter: SEPARATORS[separator],
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      trim: true,
      on_record: (record: string[], context) => {
        lines.push(context.lines);
        return record;
      },
    });
    return { records, lines };
  } catch (error) {
    throw error instanceof CsvError ? new DataError(`${name}: ${explain(error, separator)}`) : error;
  }
}

/** csv-parse's complaint as place, expected, found. Its column numbers are 0-based. */
function explain(error: CsvError, separator: Separator): string {
  const { lines: line, column: before, record } = error;
  const column = Number(before) + 1;
  switch (error.code) {
    case 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH': {
      const found = Array.isArray(record) ? record.length : column - 1;
      const [, expected] = /expect (\d+)/.exec(error.message) ?? [];
      return `row at line ${line}: expected ${expected} columns as in the header, found ${found} (the separator is a ${separator})`;
    }
    case 'CSV_QUOTE_NOT_CLOSED':
      return `row at line ${line}, column ${column}: expected a closing quote, found the end of the file`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `row at line ${line}, column ${column}: expected a ${separator} or the end of the line after a closing quote`;
    case 'INVALID_OPENING_QUOTE':
      return `row at line ${line}, column ${column}: expected no quote inside an unquoted value (quote it and double the inner quotes)`;
    default:
      return error.message;
  }
}

function checkHeader(header: string[], name: string): void {
  const seen = new Map<string, number>();
  header.forEach((title, i) => {
    const before = seen.get(title);
    if (title === '')
      throw new DataError(`${name}: column ${i + 1}: expected a name in the header, found none`);
    if (before !== undefined)
      throw new DataError(
        `${name}: columns ${before + 1} and ${i + 1}: expected different names, both are ${JSON.stringify(title)}`,
      );
    seen.set(title, i);
  });
}

/** Characters that must stand in quotes; in the header other separators as well, which would be taken for those of the file. */
const MISLEADING = /[",\r\n]/;
const MISLEADING_IN_HEADER = /[",;\t\r\n]/;

function quoted(value: string, misleading: RegExp): string {
  const plain = value !== '' && value.trim() === value && !misleading.test(value);
  return plain ? value : `"${value.replaceAll('"', '""')}"`;
}
