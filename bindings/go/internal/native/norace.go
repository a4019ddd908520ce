//go:build !race || !unix

package native

func raceSend() {}

func raceReceive() {}
