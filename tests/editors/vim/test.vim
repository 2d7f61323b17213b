" ALE with the configuration of editors/README.md, which run.sh has made the vimrc.
let s:scratch = $PYPREP_SCRATCH
let s:patience = 60
let s:route = ['def add_stop(stop, route=[]):', '    route.append(stop)', '    return route']
let s:size = ['def is_large(size: str):', '    return size is "large"']

function! s:Wait(what, Probe) abort
  let l:start = reltime()
  while !a:Probe()
    if reltimefloat(reltime(l:start)) > s:patience
      throw printf('waited %d s in vain: %s', s:patience, a:what)
    endif
    sleep 50m
  endwhile
endfunction

function! s:Open(name, lines) abort
  let l:file = s:scratch . '/' . a:name
  call writefile(a:lines, l:file)
  silent only!
  execute 'silent edit! ' . fnameescape(l:file)
endfunction

function! s:Codes() abort
  return sort(map(copy(ale#engine#GetLoclist(bufnr(''))), {_, found -> get(found, 'code', '')}))
endfunction

function! s:Wants(...) abort
  let l:wanted = a:000
  try
    call s:Wait('findings', {-> s:Codes() ==# l:wanted})
  catch /in vain/
    throw printf('wanted findings %s, has %s', string(l:wanted), string(s:Codes()))
  endtry
endfunction

function! s:Has(whole, part) abort
  if stridx(a:whole, a:part) < 0
    throw printf("wanted %s in:\n%s", string(a:part), a:whole)
  endif
endfunction

let s:tests = {}

function! s:tests.findings_appear_and_follow_what_is_typed() abort
  call s:Open('type.py', s:route)
  call s:Wants('PP0301')
  let l:found = ale#engine#GetLoclist(bufnr(''))[0]
  call s:Has(l:found.text, 'route')
  if [l:found.lnum, l:found.col, l:found.type] != [1, 26, 'W']
    throw string(l:found)
  endif
  call append('$', s:size)
  doautocmd TextChanged
  call s:Wants('PP0301', 'PP3001')
  silent %delete
  doautocmd TextChanged
  call s:Wants()
endfunction

function! s:tests.the_lesson_is_told_in_the_readers_names() abort
  call s:Open('lesson.py', s:route)
  call s:Wants('PP0301')
  call cursor(1, 26)
  ALEHover
  " Where the configuration wants it.
  let l:Seen = {-> join(getbufline('ALEPreviewWindow', 1, '$'), "\n")}
  call s:Wait('the lesson', {-> l:Seen() =~# 'route.append(stop)'})
  for l:part in ['add_stop', 'line 2', 'PP0301']
    call s:Has(l:Seen(), l:part)
  endfor
  silent pclose
endfunction

function! s:tests.all_that_is_safe_is_fixed() abort
  call s:Open('fix.py', s:size + s:route)
  call s:Wants('PP0301', 'PP3001')
  ALEFix
  call s:Wait('the fix', {-> getline(2) ==# '    return size == "large"'})
  call s:Wants('PP0301')
endfunction

function! s:tests.settings_hold_for_the_next_file_on() abort
  let [l:linter] = filter(ale#linter#Get('python'), {_, linter -> linter.name is# 'pyprep-lint'})
  let l:config = l:linter.lsp_config
  let l:linter.lsp_config = {'pyprep-lint': {'ignore': ['PP03']}}
  call s:Open('settings.py', s:size + s:route)
  call s:Wants('PP3001')
  let l:linter.lsp_config = l:config
  call s:Open('settings2.py', s:size + s:route)
  call s:Wants('PP0301', 'PP3001')
endfunction

let s:passed = 0
let s:failed = 0
let s:log = []
for s:name in sort(keys(s:tests))
  if s:name !~# $PYPREP_TEST
    continue
  endif
  try
    call s:tests[s:name]()
    let s:passed += 1
    call add(s:log, 'ok   ' . tr(s:name, '_', ' '))
  catch
    let s:failed += 1
    call add(s:log, 'FAIL ' . tr(s:name, '_', ' '))
    call extend(s:log, split('     ' . v:exception . ' ' . v:throwpoint, "\n"))
  endtry
  set nomodified
endfor
call add(s:log, printf('%d passed, %d failed', s:passed, s:failed))
call writefile(s:log, s:scratch . '/results')
execute s:failed || !s:passed ? 'cquit' : 'qall!'
