/**
 * The instruction set: what the compiler in src/compile writes and the machine in assembly runs. The one file
 * both sides import, so it holds constants only and is valid TypeScript and valid AssemblyScript.
 *
 * A program is a header followed by instructions of INSTRUCTION_WORDS 32-bit words. Addresses are absolute bytes.
 * A dimension is an element count, or ROWS: the number of samples in the step being run, so that a shorter last
 * batch runs the same program.
 *
 * Values are row-major float32 matrices without gaps, padded to whole vectors: what lies in the padding means
 * nothing and may be read, never relied on.
 */

export const WORD_BYTES = 4;
export const VECTOR_BYTES = 16;

/** A dimension that is read from the step record. */
export const ROWS = -1;

// --- program header (words) ---
export const PROGRAM_WORDS = 16;
/** Address of the first instruction. */
export const PROGRAM_CODE = 0;
export const PROGRAM_COUNT = 1;
/** Address of the step records, one for each step of a call of `run`. */
export const PROGRAM_STEPS = 2;
/** Distance of two step records, in words. */
export const PROGRAM_STEP_WORDS = 3;
/** Address of the step's scalars: the row count as float32, then what the step record carries. */
export const PROGRAM_SCALARS = 4;
/** Scalars carried by a step record, without the row count. */
export const PROGRAM_SCALAR_COUNT = 5;
/** Address of the scalars that a step leaves behind, their number, and the table they are appended to. */
export const PROGRAM_RESULTS = 6;
export const PROGRAM_RESULT_COUNT = 7;
export const PROGRAM_RESULT_TABLE = 8;
/** 1 where instructions are split among threads; 0 where one thread runs all of them. */
export const PROGRAM_SPLIT = 9;

// --- step record (words) ---
/** Samples in this step. */
export const STEP_ROWS = 0;
/** Position of the step's first sample in the order that GATHER follows. */
export const STEP_FIRST = 1;
/** Counter of RANDOM: the step's number since the beginning of training, modulo 2^32. */
export const STEP_COUNTER = 2;
/** First float32 scalar. */
export const STEP_SCALARS = 3;

// --- instruction (words); word 0 is the opcode, the operands depend on it ---
export const INSTRUCTION_WORDS = 16;
export const OPCODE = 0;
/** How threads go about the instruction: SYNC_SPLIT, SYNC_BEFORE, both or neither. A machine of one thread does not look. */
export const SYNC = 15;
/** Every thread does a part. Without it the first thread does all. */
export const SYNC_SPLIT = 1;
/** Threads meet before it: something it reads or overwrites was left by another thread. */
export const SYNC_BEFORE = 2;

/** C = op(A) op(B) + bias, then the epilogue on every finished block of rows. */
export const GEMM = 1;
export const GEMM_A = 1;
export const GEMM_B = 2;
export const GEMM_C = 3;
/** Dimensions of C (M x N) and the summed one (K). */
export const GEMM_M = 4;
export const GEMM_N = 5;
export const GEMM_K = 6;
/** 1 where A is stored K x M, 2 where B is stored N x K. */
export const GEMM_TRANSPOSED = 7;
/** Address of N floats, or 0. */
export const GEMM_BIAS = 8;
/** Address of a MAP instruction over M x N, or 0. */
export const GEMM_EPILOGUE = 9;
/** Address of the packed panels of B, see gemm/pack.ts. */
export const GEMM_PANELS = 10;
export const TRANSPOSED_A = 1;
export const TRANSPOSED_B = 2;
/** The panels hold all of B already, as PACK has left them. B itself is read where the product is small. */
export const PACKED_B = 4;
/** Nothing but the epilogue reads C, and nobody expects to find it there afterwards. */
export const PASSING_C = 8;

/** Lays out all of B in panels, block after block, for products with PACKED_B. Words as GEMM's: B, N, K, PANELS. */
export const PACK = 10;

/** A fused elementwise expression over a matrix, block by block. */
export const MAP = 2;
export const MAP_ROWS = 1;
export const MAP_COLUMNS = 2;
/** Address of the operands' addresses: FULL ones first, then ROW, COLUMN and SCALAR ones. */
export const MAP_OPERANDS = 3;
/** How many operands are a whole matrix; one row repeated; one column repeated; one number repeated. */
export const MAP_FULL = 4;
export const MAP_ROW = 5;
export const MAP_COLUMN = 6;
export const MAP_SCALAR = 7;
/** Address and number of the expression's operations, MAP_CODE_WORDS words each. */
export const MAP_CODE = 8;
export const MAP_CODE_COUNT = 9;
/** Intermediate blocks; they follow the scalar operands in the numbering. */
export const MAP_TEMPORARIES = 10;
/** Epilogues of a product with PASSING_C: which of the FULL operands is C. */
export const MAP_PASSING = 11;

/** Sums of rows, of columns or of everything; the largest entry of each row, or its place. */
export const REDUCE = 3;
export const REDUCE_IN = 1;
export const REDUCE_OUT = 2;
export const REDUCE_ROWS = 3;
export const REDUCE_COLUMNS = 4;
export const REDUCE_KIND = 5;
/** Sums of a column each: out is 1 x columns. */
export const SUM_ROWS = 0;
/** Sums of a row each: out is rows x 1. */
export const SUM_COLUMNS = 1;
export const SUM_ALL = 2;
/** Largest entry of a row, and where it first stands. */
export const MAX_COLUMNS = 3;
export const ARGMAX_COLUMNS = 4;

/** Softmax of every row, and its cross-entropy with a target. */
export const SOFTMAX = 4;
export const SOFTMAX_IN = 1;
/** Probabilities, rows x columns, or 0. May be the input. */
export const SOFTMAX_OUT = 2;
/** Cross-entropies, rows x 1, or 0. */
export const SOFTMAX_LOSS = 3;
export const SOFTMAX_TARGET = 4;
export const SOFTMAX_ROWS = 5;
export const SOFTMAX_COLUMNS = 6;
export const SOFTMAX_KIND = 7;
/** The target is a class number for each row, or a distribution (rows x columns). */
export const TARGET_CLASS = 0;
export const TARGET_DISTRIBUTION = 1;

/** Uniform numbers in [0, 1), a function of (key, step, place) only. */
export const RANDOM = 5;
export const RANDOM_OUT = 1;
export const RANDOM_ROWS = 2;
export const RANDOM_COLUMNS = 3;
export const RANDOM_KEY_LOW = 4;
export const RANDOM_KEY_HIGH = 5;

/** Rows of a data set, in the order of a table of row numbers, as float32 times a scale. */
export const GATHER = 6;
export const GATHER_DATA = 1;
export const GATHER_OUT = 2;
export const GATHER_COLUMNS = 3;
/** Address of the row numbers (uint32), or 0 for rows one after the other. */
export const GATHER_ORDER = 4;
export const GATHER_TYPE = 5;
/** float32, as bits. */
export const GATHER_SCALE = 6;
export const TYPE_FLOAT32 = 0;
export const TYPE_UINT8 = 1;

export const TRANSPOSE = 7;
export const TRANSPOSE_IN = 1;
export const TRANSPOSE_OUT = 2;
/** Dimensions of the input. */
export const TRANSPOSE_ROWS = 3;
export const TRANSPOSE_COLUMNS = 4;

/** out[0 .. rows x columns) = in. */
export const COPY = 8;
export const COPY_IN = 1;
export const COPY_OUT = 2;
export const COPY_ROWS = 3;
export const COPY_COLUMNS = 4;

/** Ends the call of `run` before this step changes anything, unless all numbers are finite. */
export const CHECK = 9;
export const CHECK_IN = 1;
export const CHECK_ROWS = 2;
export const CHECK_COLUMNS = 3;

/** Rectangles of other matrices, each put in its place; what none covers is left alone, or zero. */
export const MOVE = 11;
export const MOVE_OUT = 1;
/** Dimensions of the output. */
export const MOVE_ROWS = 2;
export const MOVE_COLUMNS = 3;
/** Address and number of the rectangles, RECTANGLE_WORDS words each. */
export const MOVE_RECTANGLES = 4;
export const MOVE_COUNT = 5;
/** 1 where everything is zero before. */
export const MOVE_CLEARS = 6;
export const RECTANGLE_WORDS = 8;
export const RECTANGLE_ROWS = 0;
export const RECTANGLE_COLUMNS = 1;
/** The matrix it is cut from, how many columns that has, and where it begins there. */
export const RECTANGLE_IN = 2;
export const RECTANGLE_IN_COLUMNS = 3;
export const RECTANGLE_FROM_ROW = 4;
export const RECTANGLE_FROM_COLUMN = 5;
/** Where it begins in the output. */
export const RECTANGLE_TO_ROW = 6;
export const RECTANGLE_TO_COLUMN = 7;

/** Rows of a table, by their numbers (float32): out[i] = table[index[i]]. Its gradient: table[index[i]] += rows[i], from zero, in order of i. */
export const TAKE = 12;
export const SCATTER = 13;
/** Words of both. The table is TAKE's input and SCATTER's output; ROWS and COLUMNS are its dimensions, COUNT is how many rows are named. */
export const TAKE_TABLE = 1;
export const TAKE_INDEX = 2;
export const TAKE_NAMED = 3;
export const TAKE_ROWS = 4;
export const TAKE_COLUMNS = 5;
export const TAKE_COUNT = 6;

// --- operations of a MAP: word 0 = operation | destination << 16, word 1 = a | b << 8 | c << 16 ---
export const MAP_CODE_WORDS = 2;
/** Elements of a block: 2 KiB, so that a dozen operands stay in a first-level cache. */
export const MAP_BLOCK = 512;
export const MAP_OPERANDS_LIMIT = 64;

export const F_COPY = 0;
export const F_NEG = 1;
export const F_ABS = 2;
export const F_SQUARE = 3;
export const F_SQRT = 4;
export const F_EXP = 5;
export const F_LOG = 6;
export const F_TANH = 7;
export const F_SIGMOID = 8;
export const F_SOFTPLUS = 9;
export const F_RELU = 10;
/** 1 where a > 0, else 0. */
export const F_STEP = 11;
/** -1, 0 or 1. */
export const F_SIGN = 12;
export const F_ADD = 13;
export const F_SUB = 14;
export const F_MUL = 15;
export const F_DIV = 16;
export const F_MAX = 17;
export const F_MIN = 18;
/** 1 where the comparison holds, else 0. */
export const F_EQUAL = 19;
export const F_GREATER = 20;
export const F_GREATER_EQUAL = 21;
/** a where a > 0, else a * b. */
export const F_LEAKY_RELU = 22;
/** a * b + c, rounded once or twice as the build has it. */
export const F_MUL_ADD = 23;
/** c - a * b. */
export const F_NEG_MUL_ADD = 24;
/** b where a is not 0, else c. */
export const F_SELECT = 25;
/** exp(a) - 1 and log(1 + a), exact near 0. */
export const F_EXPM1 = 26;
export const F_LOG1P = 27;
export const F_SIN = 28;
export const F_COS = 29;
export const F_ERF = 30;
/** Distribution function of the standard normal distribution. */
export const F_NORMAL_CDF = 31;
/** a times the distribution function of a. */
export const F_GELU = 32;
export const F_FLOOR = 33;
/** The nearest integer, the even one of two. */
export const F_ROUND = 34;

// --- matrix product ---
/**
 * K is summed in blocks of equal length, at most KC terms each: within a block one after the other from zero, the
 * blocks in order. Fixed here, because it fixes every bit of a product, whatever the tile or the number of threads.
 */
export const KC = 256;
/** Columns of a register tile and of a panel of packed B. */
export const NR = 8;
/** Fewest and most rows of a register tile: there are tiles of 4 and 6 rows, and TEAM_TILE names the one to use. */
export const MIN_MR = 4;
export const MAX_MR = 6;

/** Rows and columns of C that are worked on at a time: packed B (KC x NC) and packed A (MC x KC) share a second-level cache. */
export const MC = 96;
export const NC = 512;

// --- scratch memory of a thread ---
/** Who the thread is (words): its number, how many there are, where they meet, rows of the tile they use. */
export const TEAM_THREAD = 0;
export const TEAM_THREADS = 1;
/** Address of BARRIER_WORDS words that all threads share, and of CLAIM_WORDS for each of them. */
export const TEAM_BARRIER = 2;
export const TEAM_TILE = 3;
/** Whether the thread may fall asleep: a page's own thread may not. */
export const TEAM_SLEEPS = 4;
/** Where the thread's last claim ends. */
export const TEAM_CLAIM_END = 5;
export const TEAM_WORDS = 16;
/** Threads that have arrived; how often all have; how many sleep; not 0 where they are not to wait any longer. */
export const BARRIER_ARRIVED = 0;
export const BARRIER_ROUND = 1;
export const BARRIER_SLEEPERS = 2;
export const BARRIER_BROKEN = 3;
export const BARRIER_WORDS = 16;
/** What has been claimed of each thread's part since they met: a cache line each, behind the barrier. */
export const CLAIM_WORDS = 16;

// --- a worker's job (words): the worker waits for the number to change ---
export const JOB_NUMBER = 0;
/** Arguments of `run`; at least one step, whose meetings keep a job from overtaking the one before. */
export const JOB_PROGRAM = 1;
export const JOB_FIRST = 2;
export const JOB_STEPS = 3;
/** Not 0 where the worker is to tell the host when it has finished; JOB_DONE is then the number of the job. */
export const JOB_REPORTS = 4;
export const JOB_DONE = 5;
export const JOB_WORDS = 16;

// --- scratch memory, continued (bytes) ---
/** MAP's operand pointers, with their steps, and blocks come next, then a tile for the edges of GEMM and its packed panels of A. */
export const SCRATCH_BLOCKS = WORD_BYTES * TEAM_WORDS;
export const SCRATCH_TILE = SCRATCH_BLOCKS + WORD_BYTES * MAP_OPERANDS_LIMIT * (2 + MAP_BLOCK);
export const SCRATCH_PANEL_A = SCRATCH_TILE + WORD_BYTES * MAX_MR * 2 * NR;
export const SCRATCH_BYTES = SCRATCH_PANEL_A + WORD_BYTES * (MC + MAX_MR) * KC;

/** Bytes at the beginning of the memory that are the machine's own: its constants, from address 64 on. */
export const MACHINE_BYTES = 1024;

/** Bytes that must be readable behind the last value: vectors are loaded whole, tiles of B too. */
export const READABLE_TAIL = 64;
