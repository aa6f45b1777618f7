// A checker of a Vitrine board's log that shares no line with Vitrine: Go's own transparency-log library (golang.org/x/mod/sumdb, as
// Debian packages it) reads checkpoint, tiles and entries, and the standard library checks cosignatures. It knows nothing of votes.
//
//	checker -log VKEY [-witness VKEY ...] [-quorum K] [-earlier CHECKPOINT] [-receipt FILE ...] FOLDER-OR-URL
//
// The log's tiles lie under tile/L/N (c2sp.org/tlog-tiles); the library knows them as tile/8/L/N.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8
const width = 1 << height

// The largest file of a log: a bundle of 256 entries of 65,535 bytes, each with its length.
const maxFile = width * (2 + 65535)

type texts []string

func (t *texts) String() string     { return strings.Join(*t, " ") }
func (t *texts) Set(s string) error { *t = append(*t, s); return nil }

func main() {
	logKey := flag.String("log", "", "the log's key, in signed-note text form")
	quorum := flag.Int("quorum", 0, "how many of the witnesses must have cosigned")
	earlier := flag.String("earlier", "", "file with an earlier checkpoint of this log, which the log must extend")
	var witnesses, receipts texts
	flag.Var(&witnesses, "witness", "a witness's key; may be given several times")
	flag.Var(&receipts, "receipt", "a tlog-proof file for this log; may be given several times")
	flag.Parse()
	if *logKey == "" || flag.NArg() != 1 {
		flag.Usage()
		os.Exit(2)
	}
	summary, err := check(source(flag.Arg(0)), *logKey, witnesses, *quorum, *earlier, receipts)
	if err != nil {
		fmt.Println("BAD:", err)
		os.Exit(1)
	}
	fmt.Println("GOOD:", summary)
}

// source gives a file of the log by its relative name.
func source(place string) func(string) ([]byte, error) {
	if !strings.HasPrefix(place, "http://") && !strings.HasPrefix(place, "https://") {
		return func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(place, filepath.FromSlash(name))) }
	}
	return func(name string) ([]byte, error) {
		answer, err := http.Get(strings.TrimSuffix(place, "/") + "/" + name)
		if err != nil {
			return nil, err
		}
		defer answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s", name, answer.Status)
		}
		return io.ReadAll(io.LimitReader(answer.Body, maxFile+1))
	}
}

// cosigner verifies timestamped cosignatures (c2sp.org/tlog-cosignature, type 4).
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	text := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig[:8]), msg)
	return ed25519.Verify(c.key, []byte(text), sig[8:])
}

func newCosigner(vkey string) (cosigner, error) {
	bad := fmt.Errorf("malformed witness key %q", vkey)
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return cosigner{}, bad
	}
	id, err1 := hex.DecodeString(parts[1])
	key, err2 := base64.StdEncoding.DecodeString(parts[2])
	if err1 != nil || err2 != nil || len(id) != 4 || len(key) != 33 || key[0] != 4 {
		return cosigner{}, bad
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if string(sum[:4]) != string(id) {
		return cosigner{}, bad
	}
	return cosigner{parts[0], binary.BigEndian.Uint32(id), ed25519.PublicKey(key[1:])}, nil
}

// head opens a checkpoint: the log must have signed it, and as many witnesses as the quorum demands must have cosigned it.
func head(data []byte, log note.Verifier, witnesses []note.Verifier, quorum int) (tlog.Tree, int, error) {
	opened, err := note.Open(data, note.VerifierList(append([]note.Verifier{log}, witnesses...)...))
	if err != nil {
		return tlog.Tree{}, 0, fmt.Errorf("checkpoint: %w", err)
	}
	signed, cosigned := false, map[string]bool{}
	for _, sig := range opened.Sigs {
		if sig.Name == log.Name() && sig.Hash == log.KeyHash() {
			signed = true
		} else {
			cosigned[fmt.Sprintf("%s %x", sig.Name, sig.Hash)] = true
		}
	}
	if !signed {
		return tlog.Tree{}, 0, errors.New("checkpoint: not signed by the log")
	}
	if len(cosigned) < quorum {
		return tlog.Tree{}, 0, fmt.Errorf("checkpoint: %d of %d cosignatures", len(cosigned), quorum)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != log.Name() || lines[3] != "" {
		return tlog.Tree{}, 0, errors.New("checkpoint: not three lines of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 1 || lines[1] != strconv.FormatInt(size, 10) {
		return tlog.Tree{}, 0, errors.New("checkpoint: malformed size")
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, 0, fmt.Errorf("checkpoint: %w", err)
	}
	return tlog.Tree{N: size, Hash: root}, len(cosigned), nil
}

// tiles is the library's way to our files.
type tiles struct{ fetch func(string) ([]byte, error) }

func (t tiles) Height() int { return height }
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		name := "tile/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", height))
		data, err := t.fetch(name)
		if err == nil && len(data) != tile.W*tlog.HashSize {
			err = fmt.Errorf("%s has %d bytes", name, len(data))
		}
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func check(fetch func(string) ([]byte, error), logKey string, witnessKeys []string, quorum int, earlier string, receipts []string) (string, error) {
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return "", fmt.Errorf("log key: %w", err)
	}
	var witnesses []note.Verifier
	for _, vkey := range witnessKeys {
		witness, err := newCosigner(vkey)
		if err != nil {
			return "", err
		}
		witnesses = append(witnesses, witness)
	}
	data, err := fetch("checkpoint")
	if err != nil {
		return "", err
	}
	tree, cosigned, err := head(data, log, witnesses, quorum)
	if err != nil {
		return "", err
	}
	// Every hash that this reader gives out was proved to be under the checkpoint's root.
	hashes := tlog.TileHashReader(tree, tiles{fetch})
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return "", err
	}
	if root != tree.Hash {
		return "", errors.New("the tiles do not make the checkpoint's root")
	}
	leaves, err := entries(fetch, tree, hashes)
	if err != nil {
		return "", err
	}
	if err := everyTile(fetch, tree, leaves); err != nil {
		return "", err
	}
	proved := 0
	for old := int64(1); old <= tree.N; old = old*2 + 1 {
		oldRoot, err := tlog.TreeHash(old, hashes)
		if err != nil {
			return "", err
		}
		if err := extends(tree, tlog.Tree{N: old, Hash: oldRoot}, hashes); err != nil {
			return "", err
		}
		proved++
	}
	if earlier != "" {
		data, err := os.ReadFile(earlier)
		if err != nil {
			return "", err
		}
		old, _, err := head(data, log, witnesses, 0)
		if err != nil {
			return "", err
		}
		if err := extends(tree, old, hashes); err != nil {
			return "", fmt.Errorf("the log does not extend the earlier checkpoint: %w", err)
		}
		proved++
	}
	for _, file := range receipts {
		if err := receipt(file, log, witnesses, quorum, leaves); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
	}
	return fmt.Sprintf("%d entries, %d cosignatures, %d consistency proofs, %d receipts", tree.N, cosigned, proved, len(receipts)), nil
}

func extends(tree, old tlog.Tree, hashes tlog.HashReader) error {
	if old.N > tree.N {
		return fmt.Errorf("the earlier tree has %d entries, this one %d", old.N, tree.N)
	}
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

// entries reads every bundle and compares each entry's leaf hash with the tree's.
func entries(fetch func(string) ([]byte, error), tree tlog.Tree, hashes tlog.HashReader) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for start := int64(0); start < tree.N; start += width {
		count := tree.N - start
		if count > width {
			count = width
		}
		tile := tlog.Tile{H: height, L: 0, N: start / width, W: int(count)}
		name := "tile/entries/" + strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/0/", height))
		data, err := fetch(name)
		if err != nil {
			return nil, err
		}
		var indexes []int64
		for i := int64(0); i < count; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends early", name)
			}
			end := 2 + int(binary.BigEndian.Uint16(data))
			all = append(all, tlog.RecordHash(data[2:end]))
			data = data[end:]
			indexes = append(indexes, tlog.StoredHashIndex(0, start+i))
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s has bytes after its last entry", name)
		}
		wanted, err := hashes.ReadHashes(indexes)
		if err != nil {
			return nil, err
		}
		for i, hash := range wanted {
			if all[start+int64(i)] != hash {
				return nil, fmt.Errorf("entry %d does not match its hash in the tree", start+int64(i))
			}
		}
	}
	return all, nil
}

// everyTile computes every tile of the tree from the entries and compares it with the file.
func everyTile(fetch func(string) ([]byte, error), tree tlog.Tree, level []tlog.Hash) error {
	for l := 0; len(level) > 0; l++ {
		var next []tlog.Hash
		for start := 0; start < len(level); start += width {
			part := level[start:]
			if len(part) > width {
				part = part[:width]
			}
			var made []byte
			for _, hash := range part {
				made = append(made, hash[:]...)
			}
			read, err := tiles{fetch}.ReadTiles([]tlog.Tile{{H: height, L: l, N: int64(start / width), W: len(part)}})
			if err != nil {
				return err
			}
			if string(read[0]) != string(made) {
				return fmt.Errorf("tile %d of level %d does not follow from the entries", start/width, l)
			}
			if len(part) == width {
				for len(part) > 1 {
					var up []tlog.Hash
					for i := 0; i < len(part); i += 2 {
						up = append(up, tlog.NodeHash(part[i], part[i+1]))
					}
					part = up
				}
				next = append(next, part[0])
			}
		}
		level = next
	}
	return nil
}

// receipt checks a c2sp.org/tlog-proof whose extra line is the entry, and that the entry stands in this log at its place.
func receipt(file string, log note.Verifier, witnesses []note.Verifier, quorum int, leaves []tlog.Hash) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	parts := strings.SplitN(string(data), "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" ||
		!strings.HasPrefix(lines[1], "extra ") || !strings.HasPrefix(lines[2], "index ") {
		return errors.New("not a receipt with its entry")
	}
	entry, err := base64.StdEncoding.DecodeString(lines[1][len("extra "):])
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(lines[2][len("index "):], 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	tree, _, err := head([]byte(parts[1]), log, witnesses, quorum)
	if err != nil {
		return err
	}
	leaf := tlog.RecordHash(entry)
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf); err != nil {
		return err
	}
	if index >= int64(len(leaves)) || leaves[index] != leaf {
		return errors.New("the log has another entry at this place")
	}
	return nil
}
