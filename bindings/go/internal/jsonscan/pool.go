package jsonscan

// A Pool has memory for many small values of one type. It allocates the memory in blocks, and collects the elements of
// slices whose length is not known in advance. It never changes a value that it has returned. A full block belongs to those
// who point into it.
type Pool[T any] struct {
	block []T // the part of the newest block that is in use
	start int // the beginning of the run that is being collected
}

const (
	firstBlock = 8
	lastBlock  = 1024
)

// New stores a value and returns its address.
func (p *Pool[T]) New(value T) *T {
	if len(p.block) == cap(p.block) {
		p.block = make([]T, 0, p.nextBlock())
	}
	p.block = append(p.block, value)
	return &p.block[len(p.block)-1]
}

// Begin starts a run of elements. Runs of one pool cannot be nested.
func (p *Pool[T]) Begin() { p.start = len(p.block) }

// Expect makes room for n more elements of the run. n may be an estimate.
func (p *Pool[T]) Expect(n int) {
	if n > cap(p.block)-len(p.block) {
		p.move(n)
	}
}

// Full reports whether the next element needs a new block.
func (p *Pool[T]) Full() bool { return len(p.block) == cap(p.block) }

// Add appends an empty element to the run and returns its address, which is valid until the next call of Add.
func (p *Pool[T]) Add() *T {
	if len(p.block) == cap(p.block) {
		p.move(p.nextBlock())
	}
	p.block = p.block[:len(p.block)+1]
	return &p.block[len(p.block)-1]
}

// Take ends the run and returns it as a slice, which is never nil. Appending to the slice copies it.
func (p *Pool[T]) Take() []T {
	if p.start == len(p.block) {
		return []T{}
	}
	return p.block[p.start:len(p.block):len(p.block)]
}

// move copies the run to a new block that has room for n more elements.
func (p *Pool[T]) move(n int) {
	run := p.block[p.start:]
	block := make([]T, len(run), len(run)+n)
	copy(block, run)
	p.block, p.start = block, 0
}

func (p *Pool[T]) nextBlock() int {
	return min(max(2*cap(p.block), firstBlock), lastBlock)
}
