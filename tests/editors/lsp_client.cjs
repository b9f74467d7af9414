// Speaks with `provlab lsp` as an editor does. Called by lsp_test.sh, in the root of the tree.
'use strict';
const assert = require('node:assert');
const { spawn, execFileSync } = require('node:child_process');
const fs = require('node:fs');
const Module = require('node:module');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const rpc = require('vscode-languageserver-protocol/node');

const program = process.argv[2];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'provlab-lsp-'));
process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));

const child = spawn(program, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const ended = new Promise((resolve) => child.on('exit', resolve));
const connection = rpc.createProtocolConnection(
  new rpc.StreamMessageReader(child.stdout), new rpc.StreamMessageWriter(child.stdin));
let waiting = [];
let registered = 0;
connection.onNotification(rpc.PublishDiagnosticsNotification.type, (params) => {
  waiting = waiting.filter((each) => !each(params));
});
connection.onRequest(rpc.RegistrationRequest.type, (params) => { registered += params.registrations.length; });
connection.listen();

// The next diagnostics of that version.
const diagnosed = (uri, version) => new Promise((resolve) => waiting.push((params) => {
  if (params.uri !== uri || params.version !== version) return false;
  resolve(params.diagnostics);
  return true;
}));

class Editor {
  constructor(file, text) {
    this.file = file;
    this.uri = pathToFileURL(file).href;
    this.text = text;
    this.version = 1;
  }
  open() {
    const result = diagnosed(this.uri, 1);
    connection.sendNotification(rpc.DidOpenTextDocumentNotification.type,
      { textDocument: { uri: this.uri, languageId: 'xml', version: 1, text: this.text } });
    return result;
  }
  // JavaScript's strings count in units of UTF-16, as the protocol does.
  position(offset) {
    const before = this.text.slice(0, offset).split('\n');
    return { line: before.length - 1, character: before.at(-1).length };
  }
  offset({ line, character }) {
    return this.text.split('\n').slice(0, line).reduce((sum, each) => sum + each.length + 1, 0) + character;
  }
  replace(from, to) {
    const at = this.text.indexOf(from);
    assert(at >= 0, `there is no ${from}`);
    const range = { start: this.position(at), end: this.position(at + from.length) };
    this.text = this.text.slice(0, at) + to + this.text.slice(at + from.length);
    const result = diagnosed(this.uri, ++this.version);
    connection.sendNotification(rpc.DidChangeTextDocumentNotification.type,
      { textDocument: { uri: this.uri, version: this.version }, contentChanges: [{ range, text: to }] });
    return result;
  }
  at(text, behind = 0) {
    const offset = this.text.indexOf(text);
    assert(offset >= 0, `there is no ${text}`);
    return { textDocument: { uri: this.uri }, position: this.position(offset + behind) };
  }
  async labels(text, behind) {
    const list = await connection.sendRequest(rpc.CompletionRequest.type, this.at(text, behind));
    return list.items.map((each) => each.label);
  }
}

// What `validate` says of the text, as line and sentence.
function validated(editor) {
  fs.writeFileSync(editor.file, editor.text);
  let said;
  try { said = execFileSync(program, ['validate', editor.file], { encoding: 'utf8' }); }
  catch (error) { said = error.stdout; }
  return said.split('\n').filter((line) => line.startsWith(editor.file + ':') && /:\d+: /.test(line))
    .map((line) => line.slice(editor.file.length + 1));
}
const asLines = (diagnostics) => diagnostics.map((each) => `${each.range.start.line + 1}: ${each.message}`);

async function main() {
  const capabilities = {
    general: { positionEncodings: ['utf-16'] },
    workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
    textDocument: { completion: { completionItem: { snippetSupport: true } } },
  };
  const started = await connection.sendRequest(rpc.InitializeRequest.type,
    { processId: process.pid, rootUri: null, capabilities });
  assert.equal(started.capabilities.positionEncoding, 'utf-16');
  assert.equal(started.capabilities.textDocumentSync.change, rpc.TextDocumentSyncKind.Incremental);
  connection.sendNotification(rpc.InitializedNotification.type, {});

  const race = new Editor(path.join(folder, 'race.xml'), fs.readFileSync('scenarios/tutorial/7-race.xml', 'utf8'));
  assert.deepEqual(await race.open(), []);
  assert.equal(registered, 1, 'it asks to be told of files');

  // Diagnostics are what validate says.
  const ref = /<answer ref="([^"]+)"/.exec(race.text)[1];
  const broken = await race.replace(`<answer ref="${ref}"`, '<answer ref="nobody"');
  assert(broken.length > 0);
  assert.deepEqual(asLines(broken), validated(race));
  const value = broken.find((each) => each.message.includes("'nobody'"));
  assert.equal(race.text.slice(race.offset(value.range.start), race.offset(value.range.end)), 'nobody');
  const torn = await race.replace('<expect>', '<expect><winner is="');
  assert.equal(torn.length, 1);
  assert.deepEqual(asLines(torn), validated(race));

  // In the middle of typing it completes all the same.
  assert((await race.labels('<winner is="', 12)).includes('first-answer'));
  assert.deepEqual(await race.labels('<answer ref="nobody"', 13), [...new Set(await race.labels('<answer ref="nobody"', 13))]);
  assert((await race.labels('<answer ref="nobody"', 13)).includes(ref));
  assert((await race.labels('<expect><', 9)).includes('setting'));
  await race.replace('<expect><winner is="', '<expect>');
  assert.deepEqual(await race.replace('<answer ref="nobody"', `<answer ref="${ref}"`), []);

  // Definition of a ref; hover of a rule, an element, an attribute.
  const found = await connection.sendRequest(rpc.DefinitionRequest.type, race.at(`<answer ref="${ref}"`, 14));
  assert.equal(found.uri, race.uri);
  assert.equal(race.text.slice(race.offset(found.range.start) - 4, race.offset(found.range.end)), `id="${ref}`);
  const rules = /rules="([^ "]+)/.exec(race.text)[1];
  const rule = await connection.sendRequest(rpc.HoverRequest.type, race.at('rules="', 8));
  const listed = execFileSync(program, ['list', '--rules', rules], { encoding: 'utf8' });
  const title = listed.split('\n')[0].split('  ')[1];
  assert(rule.contents.value.includes(title), `${rule.contents.value} has no "${title}"`);
  const element = await connection.sendRequest(rpc.HoverRequest.type, race.at('<race', 2));
  assert(element.contents.value.includes('order of arrival'));

  // Units of UTF-16: a telephone is two of them.
  await race.replace('<about', '<!-- \u{1F4DE} --><about');
  assert.deepEqual(await race.replace(`\u{1F4DE} --><about`, `\u{1F4DE}\u{1F4DE} --><about`), []);
  const shifted = await connection.sendRequest(rpc.HoverRequest.type, race.at('<about', 2));
  assert.equal(race.text.slice(race.offset(shifted.range.start), race.offset(shifted.range.end)), 'about');

  // A document that it names: it comes, and the complaint goes.
  const named = new Editor(path.join(folder, 'named.xml'),
    '<scenario name="n"><about>A.</about>\n<responders><http><file path="/a" src="documents/a.xml"/></http></responders>\n' +
    '<expect><result is="no-url"/></expect></scenario>\n');
  assert.equal((await named.open()).length, 1);
  fs.mkdirSync(path.join(folder, 'documents'));
  fs.writeFileSync(path.join(folder, 'documents/a.xml'), '<time/>');
  const again = diagnosed(named.uri, 1);
  connection.sendNotification(rpc.DidChangeWatchedFilesNotification.type, { changes: [] });
  assert.deepEqual(await again, []);
  const document = await connection.sendRequest(rpc.DefinitionRequest.type, named.at('documents/a.xml', 3));
  assert.equal(document.uri, pathToFileURL(path.join(folder, 'documents/a.xml')).href);

  // What is unknown is answered with an error.
  await assert.rejects(connection.sendRequest('textDocument/unheardOf', {}), { code: rpc.ErrorCodes.MethodNotFound });

  await startedByVsCode();
  await figures();
  await connection.sendRequest(rpc.ShutdownRequest.type);
  connection.sendNotification(rpc.ExitNotification.type);
  assert.equal(await ended, 0);
  console.log('all is well');
}

// Our extension starts the same server; VS Code itself is stood in for.
async function startedByVsCode() {
  const load = Module._load;
  let asked;
  class LanguageClient {
    constructor(id, name, server, client) { asked = { server, client }; }
    async start() {}
  }
  Module._load = (name, ...rest) => name === 'vscode'
    ? { workspace: { getConfiguration: () => ({ get: () => [program, '--'] }) } }
    : name === 'vscode-languageclient/node' ? { LanguageClient } : load(name, ...rest);
  await require(path.resolve('tools/editors/vscode/extension.js')).activate();
  Module._load = load;
  assert.deepEqual(asked.server, { command: program, args: ['--', 'lsp'] });
  assert.deepEqual(asked.client.documentSelector, [{ language: 'xml' }]);
}

// How long an editor waits, with the longest scenario of the library: medians of twenty.
async function figures() {
  const files = fs.readdirSync('scenarios', { recursive: true }).map((each) => path.join('scenarios', each))
    .filter((each) => each.endsWith('.xml') && !each.includes('documents'))
    .sort((a, b) => fs.statSync(b).size - fs.statSync(a).size);
  const longest = new Editor(path.resolve(files[0]), fs.readFileSync(files[0], 'utf8'));
  const median = async (what) => {
    const times = [];
    for (let i = 0; i < 20; ++i) {
      const begin = performance.now();
      await what(i);
      times.push(performance.now() - begin);
    }
    return times.sort((a, b) => a - b)[10].toFixed(1);
  };
  await longest.open();
  const change = await median((i) => longest.replace(i % 2 ? 'About' : 'about', i % 2 ? 'about' : 'About'));
  const completion = await median(() => longest.labels('</scenario>', 0));
  const hover = await median(() => connection.sendRequest(rpc.HoverRequest.type, longest.at('<expect', 2)));
  console.log(`${files[0]} (${longest.text.length} octets): change to diagnostics ${change} ms, ` +
    `completion ${completion} ms, hover ${hover} ms`);
}

main().catch((error) => {
  console.error(error);
  child.kill();
  process.exitCode = 1;
});
