// Answers each line of JSON with another: does a job of channels, and says how long it took.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sync"
	"syscall"
	"time"
)

type request struct {
	Work      string `json:"work"`
	Capacity  int    `json:"capacity"`
	Senders   int    `json:"senders"`
	Receivers int    `json:"receivers"`
	Arms      int    `json:"arms"`
	Messages  int    `json:"messages"`
}

type answer struct {
	Time float64 `json:"time"`
	Cpu  float64 `json:"cpu"`
	Sum  int     `json:"sum"`
}

func send(to chan<- int, from, below int) {
	for n := from; n < below; n++ {
		to <- n
	}
}

func transfer(job request) int {
	numbers := make(chan int, job.Capacity)
	share := job.Messages / job.Senders
	for index := 0; index < job.Senders; index++ {
		go send(numbers, index*share, (index+1)*share)
	}
	sums := make([]int, job.Receivers)
	var done sync.WaitGroup
	for index := range sums {
		done.Add(1)
		go func(index int) {
			defer done.Done()
			sum := 0
			for left := job.Messages / job.Receivers; left > 0; left-- {
				sum += <-numbers
			}
			sums[index] = sum
		}(index)
	}
	done.Wait()
	total := 0
	for _, sum := range sums {
		total += sum
	}
	return total
}

func selecting(job request) int {
	channels := make([]chan int, job.Arms)
	share := job.Messages / job.Arms
	for index := range channels {
		channels[index] = make(chan int)
		go send(channels[index], index*share, (index+1)*share)
	}
	if job.Arms == 2 {
		return selectTwo(channels[0], channels[1], job.Messages)
	}
	cases := make([]reflect.SelectCase, job.Arms)
	for index, one := range channels {
		cases[index] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(one)}
	}
	sum := 0
	for left := job.Messages; left > 0; left-- {
		_, value, _ := reflect.Select(cases)
		sum += int(value.Int())
	}
	return sum
}

func selectTwo(one, two <-chan int, messages int) int {
	sum := 0
	for left := messages; left > 0; left-- {
		select {
		case n := <-one:
			sum += n
		case n := <-two:
			sum += n
		}
	}
	return sum
}

func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	used := usage.Utime.Nano() + usage.Stime.Nano()
	return float64(used) / 1e6
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var job request
		if err := json.Unmarshal(lines.Bytes(), &job); err != nil {
			fmt.Printf("{\"error\":%q}\n", err.Error())
			continue
		}
		cpuBefore, start := cpu(), time.Now()
		sum := 0
		if job.Work == "select" {
			sum = selecting(job)
		} else {
			sum = transfer(job)
		}
		took := float64(time.Since(start).Nanoseconds()) / 1e6
		text, _ := json.Marshal(answer{Time: took, Cpu: cpu() - cpuBefore, Sum: sum})
		fmt.Println(string(text))
	}
}
