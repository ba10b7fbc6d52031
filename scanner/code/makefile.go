package code

func scanMakefile(src []byte) Result { return Result{} }
