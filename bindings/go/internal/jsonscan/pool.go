package jsonscan

// A Pool hands out memory for many small values of one type with few allocations, and collects the
// elements of slices whose length is not known beforehand. What it has handed out it never touches
// again: a block that is full is left to those who point into it.
type Pool[T any] struct {
	block []T // what is in use of the newest block
	start int // where the run being collected begins
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

// Begin starts a run of elements. Runs of one pool do not nest.
func (p *Pool[T]) Begin() { p.start = len(p.block) }

// Expect makes room for n more elements of the run, where that is known or guessed.
func (p *Pool[T]) Expect(n int) {
	if n > cap(p.block)-len(p.block) {
		p.move(n)
	}
}

// Full says whether the next element needs a new block.
func (p *Pool[T]) Full() bool { return len(p.block) == cap(p.block) }

// Add appends an empty element to the run. Its address is good until the next one is added.
func (p *Pool[T]) Add() *T {
	if len(p.block) == cap(p.block) {
		p.move(p.nextBlock())
	}
	p.block = p.block[:len(p.block)+1]
	return &p.block[len(p.block)-1]
}

// Take ends the run and returns it, never nil. Appending to it copies it.
func (p *Pool[T]) Take() []T {
	if p.start == len(p.block) {
		return []T{}
	}
	return p.block[p.start:len(p.block):len(p.block)]
}

// move takes the run so far to a new block with room for n more.
func (p *Pool[T]) move(n int) {
	run := p.block[p.start:]
	block := make([]T, len(run), len(run)+n)
	copy(block, run)
	p.block, p.start = block, 0
}

func (p *Pool[T]) nextBlock() int {
	return min(max(2*cap(p.block), firstBlock), lastBlock)
}
