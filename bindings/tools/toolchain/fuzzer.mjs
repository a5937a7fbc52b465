// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
// A clang++ with libFuzzer and its sanitizers: the machine's own, or a private copy of Debian's with a C++ library of
// its own, so that what it builds depends on nothing that the system lacks.

import { existsSync, mkdtempSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exclusively } from '../shared/lock.mjs';
import { cache } from '../shared/places.mjs';
import { capture, run, which } from '../shared/processes.mjs';
import { Problem, step } from '../shared/terminal.mjs';
import { download, hasApt, machine, patchPrograms, unpack, withPackages } from './debian.mjs';

const copy = join(cache, 'fuzzer-19-1'); // the last number changes when the way the copy is made changes
const bin = (folder) => join(folder, 'usr/lib/llvm-19/bin');

const names = `clang-19 libclang-common-19-dev libclang-rt-19-dev lld-19 llvm-19 patchelf
  libclang-cpp19 libllvm19 libc6 libgcc-s1 libstdc++6 libz3-4 libxml2 libicu76 libedit2 libtinfo6 zlib1g libzstd1 libbsd0
  libmd0 libffi8 liblzma5
  libstdc++-14-dev libgcc-14-dev libc6-dev linux-libc-dev`.split(/\s+/);

/** { compiler, symbolizer }: symbolizer is undefined where it is found by itself. */
export async function findFuzzer() {
  const own = which('clang++');
  if (own && (await works(own))) return { compiler: own };
  if (!hasApt()) {
    throw new Problem(
      'clang++ with libFuzzer was not found. Install it with  apt-get install clang libclang-rt-dev,  brew install llvm, ' +
        ' or  conda install -c conda-forge clangxx compiler-rt',
    );
  }
  await exclusively('fuzzer', cache, async () => {
    if (!existsSync(copy)) await makeCopy();
  });
  return { compiler: join(bin(copy), 'clang++'), symbolizer: join(bin(copy), 'llvm-symbolizer') };
}

/** Whether a compiler builds a fuzzer that runs: many come without the libraries for it. */
async function works(compiler) {
  const folder = mkdtempSync(join(tmpdir(), 'anomalens-fuzzer-'));
  try {
    const source = join(folder, 'a.cpp');
    const program = join(folder, 'a');
    writeFileSync(
      source,
      '#include <vector>\nextern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long size) {\n' +
        '  return std::vector<int>(3).size() == size ? 0 : 0;\n}\n',
    );
    const built = await capture(compiler, ['-std=c++20', '-fsanitize=fuzzer,address,undefined', source, '-o', program]);
    return built.ok && (await capture(program, ['-runs=10'])).ok;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeCopy() {
  step(`Fetching clang with libFuzzer from Debian 13 into ${copy} (once; about 100 MB)`);
  const work = `${copy}.partial`;
  rmSync(work, { recursive: true, force: true });
  await withPackages(async (lists) => unpack(await download(lists, names, { label: 'Downloading clang' }), work));
  const programs = ['clang', 'lld', 'llvm-ar', 'llvm-symbolizer'].map((name) => realpathSync(join(bin(work), name)));
  await patchPrograms(work, copy, programs);
  // The C library's linker scripts name /lib, which is a link on a whole system. clang then calls headers lib/../include,
  // which Ninja takes for include: without that link it would build everything every time.
  for (const name of ['include', 'lib', 'lib64'])
    if (!existsSync(join(work, name))) symlinkSync(`usr/${name}`, join(work, name));
  for (const name of ['clang', 'clang++']) writeFileSync(join(bin(work), `${name}.cfg`), settings());
  renameSync(work, copy);
  if (await works(join(bin(copy), 'clang++'))) return;
  const { compiler, output } = await complaint();
  rmSync(copy, { recursive: true, force: true });
  throw new Problem(`${output}\n\nThe private copy of clang does not work: ${compiler}`);
}

async function complaint() {
  const compiler = join(bin(copy), 'clang++');
  const { output } = await run(compiler, ['-v', '--version']).catch((error) => ({ output: error.message }));
  return { compiler, output };
}

/** What clang reads beside its program: headers and libraries of the copy, in what it builds too. */
function settings() {
  const { triplet, loader } = machine();
  const libraries = join(copy, 'usr/lib', triplet);
  return `--sysroot=${copy}
-fuse-ld=lld
-Wl,--dynamic-linker=${join(libraries, loader)}
-Wl,-rpath,${libraries}
`;
}
